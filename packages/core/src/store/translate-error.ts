import { accessSync, constants, existsSync, lstatSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCandleError } from '../errors/candle-error.ts';
import { type WriteProblem, writeProblemOf } from '../system/write-problem.ts';
import {
  StateBusyError,
  StateDamagedError,
  StateNotADirectoryError,
  StatePathUnusableError,
  unwritableError,
} from './errors.ts';
import { databasePath, noTables, type StatePaths } from './state-dir.ts';

/** Bytes that a write needs for SQLite's journal and some pages. */
const minFreeBytes = 64 * 1024;

/** Turns errors of SQLite and the file system into errors that a user can act on. */
export function translateStoreError(error: unknown, paths: StatePaths): unknown {
  if (isCandleError(error)) return error;
  const { stateDir } = paths;
  const cause = rootCause(error);
  const code = errorCode(cause);
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return new StateDamagedError(paths.path, firstLine(cause), cause);
  // SQLite reads a file that another program is writing over as it is at the moment: at first, it is empty.
  if (code === 'SQLITE_ERROR' && isTableMissing(cause)) return new StateDamagedError(paths.path, noTables, cause);
  if (/^SQLITE_BUSY/.test(code)) return new StateBusyError(paths.path, paths.busyTimeoutMs, cause);
  const problem = writeProblemOf(code);
  if (problem !== undefined || /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH|IOERR)/.test(code)) {
    const found = isExact(problem) ? problem : (findWriteProblem(stateDir) ?? problem);
    return unwritableError(stateDir, found ?? { sentence: firstLine(cause) }, cause);
  }
  const obstacle = obstacles[code];
  if (obstacle !== undefined) return new StatePathUnusableError(stateDir, obstacle, cause);
  if (code === 'ENOTDIR' || code === 'EEXIST') return new StateNotADirectoryError(stateDir, stateDir);
  return error;
}

function isTableMissing(cause: unknown): boolean {
  return firstLine(cause).startsWith('no such table: ');
}

const obstacles: Readonly<Record<string, string>> = {
  ENAMETOOLONG: 'the path, or a name in it, is too long',
  ELOOP: 'a symbolic link in it leads to itself',
  ENOENT: 'it was deleted in the meantime',
};

/** The same for an error of a file in the state directory that is not the database. */
export function translateStateError(error: unknown, stateDir: string): unknown {
  return translateStoreError(error, { stateDir, path: databasePath(stateDir), busyTimeoutMs: 0 });
}

/** Whether the code of the error says it all. */
function isExact(problem: WriteProblem | undefined): problem is WriteProblem {
  return problem !== undefined && problem !== 'diskFull' && problem !== 'denied';
}

/** Asks the system why the state directory or the database cannot be written; undefined if it finds nothing. */
export function findWriteProblem(stateDir: string): WriteProblem | undefined {
  const problem = tryToWrite(stateDir, databasePath(stateDir));
  if (problem === 'denied' && hasForeignFile(stateDir)) return 'otherOwner';
  return problem === undefined || problem === 'diskFull' ? (findShortage(stateDir) ?? problem) : problem;
}

function tryToWrite(stateDir: string, path: string): WriteProblem | undefined {
  try {
    writeTrial(join(stateDir, `state.db.new-${process.pid}-trial`));
    // The database is not opened, because closing it would release SQLite's locks on it.
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    return writeProblemOf(error);
  }
}

/** The system reports missing inodes as missing space, and SQLite may need more space than a small file. */
function findShortage(stateDir: string): WriteProblem | undefined {
  try {
    const { bsize, bavail, blocks, files, ffree } = statfsSync(stateDir);
    if (files > 0 && ffree === 0) return 'noInodes';
    return blocks > 0 && bsize * bavail < minFreeBytes ? 'diskFull' : undefined;
  } catch {
    return undefined;
  }
}

/** Large enough that no file system stores it beside the name of the file. */
const trialBytes = 4096;

function writeTrial(path: string): void {
  try {
    writeFileSync(path, Buffer.alloc(trialBytes), { mode: 0o600, flush: true });
  } finally {
    rmSync(path, { force: true });
  }
}

/** Whether the directory, or a file in it, belongs to another user. */
function hasForeignFile(stateDir: string): boolean {
  try {
    const uid = process.geteuid?.();
    if (lstatSync(stateDir).uid !== uid) return true;
    return readdirSync(stateDir).some((name) => lstatSync(join(stateDir, name)).uid !== uid);
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
