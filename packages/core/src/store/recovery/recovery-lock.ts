import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/** Restoring the largest database takes some seconds; after a longer wait, the other process hangs. Milliseconds. */
const maxWaitMs = 60_000;

/**
 * Runs `work` in only one process at a time. The lock is SQLite's own, on an empty file, so it is released however its
 * owner ends. The file must not be opened in any other way, because closing it would release the lock.
 */
export function withRecoveryLock<T>(stateDir: string, work: () => T): T {
  const path = join(stateDir, 'recovery.lock');
  const lock = new BetterSqlite3(path, { timeout: maxWaitMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    chmodSync(path, 0o600);
    return work();
  } finally {
    lock.close();
  }
}
