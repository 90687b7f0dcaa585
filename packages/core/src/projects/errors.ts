import { CandleError } from '../errors/candle-error.ts';
import { showPath } from '../errors/quote.ts';

/** No directory here or above is a project, and the command does not make one. */
export class ProjectNotFoundError extends CandleError {
  constructor(startDir: string) {
    super({
      code: 'PROJECT_NOT_FOUND',
      message: `No .candle.json was found in ${showPath(startDir)} or above it; candle setup-project makes one`,
      hint: 'candle setup-project',
      details: { startDir },
    });
  }
}

/** The home directory and `/` are never taken for a project: everything below would belong to it. */
export class ProjectTooWideError extends CandleError {
  constructor(dir: string) {
    super({
      code: 'PROJECT_TOO_WIDE',
      message: `${showPath(dir)} is not taken for a project, as everything below it would belong to it`,
      hint: 'Go to the directory of your project, or name it: --project DIR. To insist: candle setup-project',
      details: { dir },
    });
  }
}

/** The directory does not exist, and the ledger knows no project of that path. */
export class ProjectGoneError extends CandleError {
  constructor(dir: string) {
    super({
      code: 'PROJECT_GONE',
      message: `${showPath(dir)} does not exist, and Candle knows no project there`,
      hint: 'See which projects Candle knows: candle list-reserved-ports --all',
      details: { dir },
    });
  }
}

/** The path names something that is no directory. */
export class ProjectNotADirectoryError extends CandleError {
  constructor(path: string) {
    super({
      code: 'PROJECT_NOT_A_DIRECTORY',
      message: `${showPath(path)} is not a directory`,
      hint: 'Name the directory of the project: --project DIR',
      details: { path },
    });
  }
}
