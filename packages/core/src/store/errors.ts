import { CandleError } from '../errors/candle-error.ts';

/** state.db is no database, is cut short, or fails SQLite's own checks. */
export class StateDamagedError extends CandleError {
  constructor(path: string, cause: unknown) {
    super({
      code: 'STATE_DAMAGED',
      message: `Candle's database ${path} is damaged (${reason(cause)}). Nothing was changed.`,
      hint: `Set it aside, Candle then begins a new one: mv '${path}' '${path}.damaged'`,
      details: { path },
      cause,
    });
  }
}

/** state.db was written by a Candle whose schema this one cannot use. */
export class StateTooNewError extends CandleError {
  constructor(path: string, schema: number, known: number) {
    super({
      code: 'STATE_TOO_NEW',
      message: `Candle's database ${path} is from a newer Candle (schema ${schema}, this Candle knows ${known}). Nothing was changed.`,
      hint: 'Update this Candle, or set CANDLE_STATE_DIR to use another state directory.',
      details: { path, schema, known },
    });
  }
}

/** The state directory or its database cannot be written by this user. */
export class StateNotWritableError extends CandleError {
  constructor(stateDir: string, cause: unknown) {
    super({
      code: 'STATE_NOT_WRITABLE',
      message: `Candle's state directory ${stateDir} cannot be written (${reason(cause)}).`,
      hint: 'Make it writable for this user, or set CANDLE_STATE_DIR to use another one.',
      details: { stateDir },
      cause,
    });
  }
}

/** The state directory is there, but it is a file or something else that is no directory. */
export class StateNotADirectoryError extends CandleError {
  constructor(stateDir: string, culprit: string) {
    super({
      code: 'STATE_NOT_A_DIRECTORY',
      message: `Candle's state directory ${stateDir} cannot be used: ${culprit} is not a directory.`,
      hint: 'Move that file away, or set CANDLE_STATE_DIR to use another state directory.',
      details: { stateDir, culprit },
    });
  }
}

/** The state directory belongs to another user: with `sudo candle`, root would leave files that the owner cannot use. */
export class StateOwnedByOtherError extends CandleError {
  constructor(stateDir: string, ownerUid: number, uid: number) {
    super({
      code: 'STATE_OWNED_BY_OTHER',
      message: `Candle's state directory ${stateDir} belongs to another user (uid ${ownerUid}, you are uid ${uid}).`,
      hint: 'Run candle as that user (without sudo), or set CANDLE_STATE_DIR to use a directory of your own.',
      details: { stateDir, ownerUid, uid },
    });
  }
}

/** SQLite's locks do not hold on this kind of file system, so reservations could be given twice. */
export class StateOnSharedFileSystemError extends CandleError {
  constructor(stateDir: string, kind: string) {
    super({
      code: 'STATE_ON_SHARED_FILE_SYSTEM',
      message: `Candle's state directory ${stateDir} is on ${kind}, where database locks cannot be trusted.`,
      hint: 'Set CANDLE_STATE_DIR to a directory on a local disk.',
      details: { stateDir, kind },
    });
  }
}

/** No room was left to write. */
export class StateDiskFullError extends CandleError {
  constructor(stateDir: string, cause: unknown) {
    super({
      code: 'STATE_DISK_FULL',
      message: `Candle's state directory ${stateDir} cannot be written: the disk is full. Nothing was changed.`,
      hint: 'Free some space, or set CANDLE_STATE_DIR to a directory on another disk.',
      details: { stateDir },
      cause,
    });
  }
}

/** Another process kept the database locked for longer than Candle waits. */
export class StateBusyError extends CandleError {
  constructor(path: string, waitedMs: number, cause: unknown) {
    super({
      code: 'STATE_BUSY',
      message: `Candle's database ${path} was locked by another process for more than ${waitedMs / 1000} s.`,
      hint: `Try again; if it stays so, see who holds it: fuser -v '${path}'`,
      details: { path, waitedMs },
      cause,
    });
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message.split('\n', 1).join('') : String(cause);
}
