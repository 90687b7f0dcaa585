import { chmodSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';

/**
 * The right to be the only one that does something. Whoever has it must keep this object referenced: a handle that
 * nothing refers to any more is collected, which closes the database and gives the lock away.
 */
export interface FileLock {
  isHeld(): boolean;
  release(): void;
}

/**
 * Takes the lock that stands at `path`, or undefined when another process has it. It is an exclusive transaction on a
 * database that stays empty: the kernel ends it with the process, whatever ends that. Nothing else may open the file in
 * this process: closing any descriptor of it would drop the lock. Its holder may delete the file.
 */
export function tryLockFile(path: string): FileLock | undefined {
  const sqlite = new BetterSqlite3(path, { timeout: 0 });
  try {
    const inode = statSync(path).ino;
    chmodSync(path, 0o600);
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.exec('BEGIN EXCLUSIVE');
    // The last holder has deleted the file that was opened here: the next one locks another.
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
