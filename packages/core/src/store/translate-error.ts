import { statfsSync } from 'node:fs';
import { isCandleError } from '../errors/candle-error.ts';
import { isDiskFull } from '../system/disk-full.ts';
import {
  StateBusyError,
  StateDamagedError,
  StateDiskFullError,
  StateNotADirectoryError,
  StateNotWritableError,
  StatePathUnusableError,
} from './errors.ts';

export interface StatePaths {
  readonly stateDir: string;
  readonly path: string;
  /** How long SQLite waits for a lock. Milliseconds. */
  readonly busyTimeoutMs: number;
}

/** Bytes that SQLite needs even to read: 32 KiB for the index of its log, and some pages. */
const minFreeBytes = 64 * 1024;

/** Turns errors of SQLite and the file system into errors that a user can act on. */
export function translateStoreError(error: unknown, paths: StatePaths): unknown {
  if (isCandleError(error)) return error;
  const { stateDir } = paths;
  const cause = rootCause(error);
  const code = errorCode(cause);
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return new StateDamagedError(paths.path, firstLine(cause), cause);
  if (isDiskFull(code)) return new StateDiskFullError(stateDir, cause);
  if (/^SQLITE_BUSY/.test(code)) return new StateBusyError(paths.path, paths.busyTimeoutMs, cause);
  // SQLite often reports a full disk only as an I/O error.
  if (/^SQLITE_(IOERR|CANTOPEN)/.test(code) && isFull(stateDir)) return new StateDiskFullError(stateDir, cause);
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH|IOERR)/.test(code)) {
    return new StateNotWritableError(stateDir, firstLine(cause), cause);
  }
  const denial = denials[code];
  if (denial !== undefined) return new StateNotWritableError(stateDir, denial, cause);
  const obstacle = obstacles[code];
  if (obstacle !== undefined) return new StatePathUnusableError(stateDir, obstacle, cause);
  if (code === 'ENOTDIR' || code === 'EEXIST') return new StateNotADirectoryError(stateDir, stateDir);
  return error;
}

const denials: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
};

const obstacles: Readonly<Record<string, string>> = {
  ENAMETOOLONG: 'the path, or a name in it, is too long',
  ELOOP: 'a symbolic link in it leads to itself',
  ENOENT: 'it was deleted in the meantime',
};

function isFull(stateDir: string): boolean {
  try {
    const { bsize, bavail, files, ffree } = statfsSync(stateDir);
    return bsize * bavail < minFreeBytes || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}

/** Drizzle wraps the driver's errors. */
function rootCause(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  return current;
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function firstLine(cause: unknown): string {
  return cause instanceof Error ? cause.message.split('\n', 1).join('') : String(cause);
}
