import { CandleError } from '../errors/candle-error.ts';
import { exampleStateDir } from '../errors/examples.ts';
import { showPath } from '../errors/quote.ts';

/** There is no place for the state: no state directory is set, and this user has no home directory. */
export class StateHomeUnknownError extends CandleError {
  static readonly code = 'STATE_HOME_UNKNOWN';
  static example() {
    return new StateHomeUnknownError();
  }

  constructor() {
    super({
      message: 'Candle does not know where to keep its state: HOME is not set to an absolute path',
      hint: 'Set HOME, or set CANDLE_STATE_DIR to a directory of your own',
    });
  }
}

/** The path of the state directory exists but is not a directory. */
export class StateNotADirectoryError extends CandleError {
  static readonly code = 'STATE_NOT_A_DIRECTORY';
  static example() {
    return new StateNotADirectoryError(exampleStateDir, exampleStateDir);
  }

  constructor(stateDir: string, culprit: string) {
    super({
      message: `Candle's state directory ${showPath(stateDir)} cannot be used: ${culprit === stateDir ? 'it' : showPath(culprit)} is not a directory`,
      hint: 'Move that file away, or set CANDLE_STATE_DIR to another directory',
      details: { stateDir, culprit },
    });
  }
}

/** No user can have a directory at that path: it is too long, a dangling link, or in a place that cannot contain directories. */
export class StatePathUnusableError extends CandleError {
  static readonly code = 'STATE_PATH_UNUSABLE';
  static example() {
    return new StatePathUnusableError(exampleStateDir, 'the path, or a name in it, is too long');
  }

  constructor(stateDir: string, reason: string, cause?: unknown) {
    super({
      message: `Candle's state directory ${showPath(stateDir)} cannot be used: ${reason}`,
      hint: 'Set CANDLE_STATE_DIR to another directory',
      details: { stateDir, reason },
      cause,
    });
  }
}

/** The state directory or its database belongs to another user. With `sudo candle`, root would leave files that the owner cannot use. */
export class StateOwnedByOtherError extends CandleError {
  static readonly code = 'STATE_OWNED_BY_OTHER';
  static example() {
    return new StateOwnedByOtherError(exampleStateDir, exampleStateDir, 1000, 0);
  }

  constructor(stateDir: string, path: string, ownerUid: number, uid: number) {
    const what = path === stateDir ? 'state directory' : 'database';
    super({
      message: `Candle's ${what} ${showPath(path)} belongs to another user (uid ${ownerUid}, you are uid ${uid})`,
      hint: 'Run candle as that user (without sudo), or set CANDLE_STATE_DIR to a directory of your own',
      details: { stateDir, path, ownerUid, uid },
    });
  }
}

/** SQLite's locks are unreliable on this kind of file system, so a port could be reserved twice. */
export class StateOnSharedFileSystemError extends CandleError {
  static readonly code = 'STATE_ON_SHARED_FILE_SYSTEM';
  static example() {
    return new StateOnSharedFileSystemError(exampleStateDir, 'NFS');
  }

  constructor(stateDir: string, kind: string) {
    super({
      message: `Candle's state directory ${showPath(stateDir)} is on ${kind}, where database locks cannot be trusted`,
      hint: 'Set CANDLE_STATE_DIR to a directory on a local disk',
      details: { stateDir, kind },
    });
  }
}
