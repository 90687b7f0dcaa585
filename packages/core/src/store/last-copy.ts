import { chmodSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { draftPath, flush, removeDraft } from './create-database.ts';

/** A copy of the database, from which it is restored where it cannot be read itself. */
export function lastCopyPath(stateDir: string): string {
  return join(stateDir, 'state.db.last');
}

/** When the copy was made; undefined: there is none. */
export function findLastCopyTime(stateDir: string): number | undefined {
  return statSync(lastCopyPath(stateDir), { throwIfNoEntry: false })?.mtimeMs;
}

/**
 * Copies the database in the place of the last copy, whole or not at all. One that is damaged is not copied: its last good copy
 * is worth more.
 * @throws what SQLite says: of damage, of a full disk
 */
export function copyDatabase(sqlite: BetterSqlite3.Database, stateDir: string): void {
  const problem = findDamage(sqlite);
  if (problem !== undefined) throw Object.assign(new Error(problem), { code: 'SQLITE_CORRUPT' });
  const draft = draftPath(stateDir);
  try {
    sqlite.prepare('VACUUM INTO ?').run(draft);
    chmodSync(draft, 0o600);
    flush(draft);
    renameSync(draft, lastCopyPath(stateDir));
  } finally {
    removeDraft(draft);
  }
}

/** What SQLite's own check finds first; undefined when all is well. */
export function findDamage(sqlite: BetterSqlite3.Database): string | undefined {
  const verdict = String(sqlite.pragma('integrity_check(1)', { simple: true }));
  return verdict === 'ok' ? undefined : verdict.replaceAll(/\s*\n\s*/g, ' ');
}
