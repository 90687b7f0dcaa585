import { CandleError } from '../errors/candle-error.ts';
import { showPath } from '../errors/quote.ts';

/** Neither the directory nor one of its parents is a project, and the command does not create one. */
export class ProjectNotFoundError extends CandleError {
  constructor(startDir: string) {
    super({
      code: 'PROJECT_NOT_FOUND',
      message: `No .candle.json was found in ${showPath(startDir)} or its parent directories`,
      hint: 'To create one in the current directory: candle setup-project',
      details: { startDir },
    });
  }
}

/** The home directory and `/` never become a project by default, because everything below would belong to it. */
export class ProjectTooWideError extends CandleError {
  constructor(dir: string) {
    super({
      code: 'PROJECT_TOO_WIDE',
      message: `${showPath(dir)} is not used as a project by default, because everything below it would belong to it`,
      hint: 'Change to the directory of your project, or pass it: --project DIR. To use this directory anyway: candle setup-project',
      details: { dir },
    });
  }
}

/** The directory does not exist, and the database has no project with that path. */
export class ProjectGoneError extends CandleError {
  constructor(dir: string) {
    super({
      code: 'PROJECT_GONE',
      message: `${showPath(dir)} does not exist, and Candle knows no project at this path`,
      hint: 'To list the known projects: candle list-reserved-ports --all',
      details: { dir },
    });
  }
}

/** The path is not a directory. */
export class ProjectNotADirectoryError extends CandleError {
  constructor(path: string) {
    super({
      code: 'PROJECT_NOT_A_DIRECTORY',
      message: `${showPath(path)} is not a directory`,
      hint: 'Pass the directory of the project: --project DIR',
      details: { path },
    });
  }
}
