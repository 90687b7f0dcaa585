import { CandleError } from '../errors/candle-error.ts';
import { advise, candle, sentences } from '../errors/hint.ts';
import { showPath } from '../errors/quote.ts';

/** Neither the directory nor one of its parents is a project, and the command does not create one. */
export class ProjectNotFoundError extends CandleError {
  static readonly code = 'PROJECT_NOT_FOUND';
  static example() {
    return new ProjectNotFoundError('/home/ada/notes');
  }

  constructor(startDir: string) {
    super({
      message: `No .candle.json was found in ${showPath(startDir)} or its parent directories`,
      hint: advise('To create one in the current directory', candle('setup-project')),
      details: { startDir },
    });
  }
}

/** The home directory and `/` never become a project by default, because everything below would belong to it. */
export class ProjectTooWideError extends CandleError {
  static readonly code = 'PROJECT_TOO_WIDE';
  static example() {
    return new ProjectTooWideError('/home/ada');
  }

  constructor(dir: string) {
    super({
      message: `${showPath(dir)} is not used as a project by default, because everything below it would belong to it`,
      hint: sentences(
        { option: 'project', value: 'DIR', purpose: 'Change to the directory of your project, or pass it' },
        advise('To use this directory anyway', candle('setup-project')),
      ),
      details: { dir },
    });
  }
}

/** The directory does not exist, and the database has no project with that path. */
export class ProjectGoneError extends CandleError {
  static readonly code = 'PROJECT_GONE';
  static example() {
    return new ProjectGoneError('/home/ada/old');
  }

  constructor(dir: string) {
    super({
      message: `${showPath(dir)} does not exist, and Candle knows no project at this path`,
      hint: advise('To list the known projects', candle('list-reserved-ports', '--all')),
      details: { dir },
    });
  }
}

/** The path is not a directory. */
export class ProjectNotADirectoryError extends CandleError {
  static readonly code = 'PROJECT_NOT_A_DIRECTORY';
  static example() {
    return new ProjectNotADirectoryError('/home/ada/notes.txt');
  }

  constructor(path: string) {
    super({
      message: `${showPath(path)} is not a directory`,
      hint: { option: 'project', value: 'DIR', purpose: 'Pass the directory of the project' },
      details: { path },
    });
  }
}
