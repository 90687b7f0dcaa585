import { chmodSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { draftPath, flush, removeDraft } from './create-database.ts';

/** The path of the copy from which unreadable parts of the database are restored. */
export function lastCopyPath(stateDir: string): string {
  return join(stateDir, 'state.db.last');
}

/** When the copy was made, in milliseconds since 1970; undefined if there is no copy. */
export function findLastCopyTime(stateDir: string): number | undefined {
  return statSync(lastCopyPath(stateDir), { throwIfNoEntry: false })?.mtimeMs;
}

/**
 * Replaces the last copy of the database atomically. A damaged database is not copied, because its last good copy is
 * worth more.
 * @throws SQLite's errors, for example for damage or a full disk
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

/** The first problem that SQLite's own check finds; undefined if there is none. */
export function findDamage(sqlite: BetterSqlite3.Database): string | undefined {
  const verdict = String(sqlite.pragma('integrity_check(1)', { simple: true }));
  return verdict === 'ok' ? undefined : verdict.replaceAll(/\s*\n\s*/g, ' ');
}
