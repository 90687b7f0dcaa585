import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { fileAt, prepareStateDir } from './state-dir.ts';

/**
 * An exclusive lock. Its owner must keep this object referenced: garbage collection closes the database, which releases
 * the lock.
 */
export interface FileLock {
  isHeld(): boolean;
  release(): void;
}

/** Random, so that processes that started to wait at the same time do not all try at the same time. Milliseconds. */
const pollMs = () => 10 + 20 * Math.random();

/**
 * Takes the lock at `path`; undefined if another process has it, and still has it after `blockMs`, during which this
 * process does nothing else. The lock is an exclusive transaction on an empty database, which the kernel releases whenever
 * the process ends. Nothing else in this process may open the file, because closing any descriptor of it would release the
 * lock. The owner of the lock may delete the file.
 * @throws system errors if the file cannot be created
 */
export function tryLockFile(path: string, { blockMs = 0 } = {}): FileLock | undefined {
  createPrivateFile(path);
  // Identified before SQLite opens it: if it is replaced in between, the check below only fails once too often.
  const file = fileAt(path);
  const sqlite = new BetterSqlite3(path, { timeout: blockMs });
  try {
    // Not with `locking_mode = EXCLUSIVE`: two processes that wait would keep their shared locks and block each other.
    sqlite.exec('BEGIN EXCLUSIVE');
    // The previous owner has deleted the file that was opened here, so the next process locks another file.
    if (file === undefined || fileAt(path) !== file) {
      sqlite.close();
      return undefined;
    }
  } catch (error) {
    sqlite.close();
    if (isTaken(error)) return undefined;
    throw error;
  }
  return {
    isHeld: () => sqlite.open && sqlite.inTransaction,
    release: () => sqlite.close(),
  };
}

/** Waits for the lock at `path`; undefined if other processes have had it for `maxWaitMs`. */
export async function lockFile(path: string, maxWaitMs: number): Promise<FileLock | undefined> {
  const deadlineMs = performance.now() + maxWaitMs;
  for (;;) {
    const lock = tryLockFile(path);
    if (lock !== undefined || performance.now() > deadlineMs) return lock;
    await sleep(pollMs());
  }
}

/** Does not open a file that exists, because closing it would release a lock of this process. */
function createPrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Another process has the lock, or deletes the file at this moment: SQLite reports that it can no longer read the
 * permissions of the file at the path, or that the file has moved.
 */
function isTaken(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  const codes = ['SQLITE_BUSY', 'ENOENT', 'SQLITE_IOERR_FSTAT', 'SQLITE_READONLY_DBMOVED'];
  return codes.some((code) => String(error.code).startsWith(code));
}

/** The lock that makes a process the only supervisor of a state directory. */
export type SupervisorLock = FileLock;

/** Takes the supervisor lock of a state directory; undefined if another process has it. */
export function tryLockSupervisor(stateDir: string): SupervisorLock | undefined {
  prepareStateDir(stateDir);
  return tryLockFile(join(stateDir, 'lock.db'));
}
