import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/** Restoring the largest ledger takes some seconds; who waits longer waits for a process that hangs. */
const maxWaitMs = 60_000;

/**
 * Runs `work` alone among all processes. The lock is SQLite's own, on a file that stays empty: it goes with its owner, however
 * that ends. The file is never opened in another way, because closing it would give the lock back.
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
