import { isCandleError } from '../errors/candle-error.ts';
import {
  StateBusyError,
  StateDamagedError,
  StateDiskFullError,
  StateNotADirectoryError,
  StateNotWritableError,
} from './errors.ts';

export interface StatePlace {
  readonly stateDir: string;
  readonly path: string;
  /** How long SQLite waits for a lock, milliseconds. */
  readonly busyTimeoutMs: number;
}

/** Turns what SQLite and the file system throw into the failure that a user can do something about. */
export function translateStoreError(error: unknown, place: StatePlace): unknown {
  if (isCandleError(error)) return error;
  const cause = rootCause(error);
  const code = errorCode(cause);
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return new StateDamagedError(place.path, cause);
  if (/^SQLITE_FULL|^ENOSPC$|^EDQUOT$/.test(code)) return new StateDiskFullError(place.stateDir, cause);
  if (/^SQLITE_BUSY/.test(code)) return new StateBusyError(place.path, place.busyTimeoutMs, cause);
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH|IOERR)|^(EACCES|EPERM|EROFS|EISDIR|ENAMETOOLONG|ELOOP)$/.test(code)) {
    return new StateNotWritableError(place.stateDir, cause);
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') return new StateNotADirectoryError(place.stateDir, place.stateDir);
  return error;
}

/** Drizzle wraps what the driver threw. */
function rootCause(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  return current;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
