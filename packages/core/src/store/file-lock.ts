import { chmodSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';

/**
 * An exclusive lock. Its owner must keep this object referenced: garbage collection closes the database, which releases
 * the lock.
 */
export interface FileLock {
  isHeld(): boolean;
  release(): void;
}

/**
 * Takes the lock at `path`; undefined if another process has it. The lock is an exclusive transaction on an empty
 * database, which the kernel releases whenever the process ends. Nothing else in this process may open the file, because
 * closing any descriptor of it would release the lock. The owner of the lock may delete the file.
 */
export function tryLockFile(path: string): FileLock | undefined {
  const sqlite = new BetterSqlite3(path, { timeout: 0 });
  try {
    const inode = statSync(path).ino;
    chmodSync(path, 0o600);
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.exec('BEGIN EXCLUSIVE');
    // The previous owner has deleted the file that was opened here, so the next process locks another file.
    if (statSync(path, { throwIfNoEntry: false })?.ino !== inode) {
      sqlite.close();
      return undefined;
    }
  } catch (error) {
    sqlite.close();
    if (
      error instanceof Error &&
      'code' in error &&
      ['SQLITE_BUSY', 'ENOENT'].some((code) => String(error.code).startsWith(code))
    )
      return undefined;
    throw error;
  }
  return {
    isHeld: () => sqlite.open && sqlite.inTransaction,
    release: () => sqlite.close(),
  };
}
