import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { prepareStateDir } from './state-dir.ts';

/**
 * The right to be the one supervisor of a state directory. Whoever has it must keep this object referenced: a handle that
 * nothing refers to any more is collected, which closes the database and gives the lock away.
 */
export interface SupervisorLock {
  isHeld(): boolean;
  release(): void;
}

/**
 * Takes the lock of a state directory, or undefined when another process has it. It is an exclusive transaction on a
 * database of its own: the kernel ends it with the process, whatever ends that. Nothing else may open lock.db in this
 * process: closing any descriptor of it would drop the lock.
 */
export function tryLockSupervisor(stateDir: string): SupervisorLock | undefined {
  prepareStateDir(stateDir);
  const path = join(stateDir, 'lock.db');
  const sqlite = new BetterSqlite3(path, { timeout: 0 });
  try {
    chmodSync(path, 0o600);
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    sqlite.close();
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) return undefined;
    throw error;
  }
  return {
    isHeld: () => sqlite.open && sqlite.inTransaction,
    release: () => sqlite.close(),
  };
}
