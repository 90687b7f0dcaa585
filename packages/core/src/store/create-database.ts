import { chmodSync, closeSync, fsyncSync, linkSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { migrate } from './migrate.ts';
import type { Migration } from './migrations.ts';
import type { StatePaths } from './translate-error.ts';

/** An unfinished new database older than this belongs to a process that was killed. Milliseconds. */
const abandonedAfterMs = 60_000;

/**
 * Creates a database under a temporary name, fills it with `fill`, and links it to its final path. A process that opens
 * state.db therefore finds it complete and in WAL mode; SQLite does not wait for locks while it switches the mode. If
 * another process has created state.db meanwhile, that one stays.
 */
export function createDatabase(
  { stateDir, path }: StatePaths,
  steps: readonly Migration[],
  fill: (sqlite: BetterSqlite3.Database) => void = () => undefined,
): void {
  const draft = draftPath(stateDir);
  try {
    const sqlite = new BetterSqlite3(draft);
    try {
      chmodSync(draft, 0o600);
      sqlite.pragma('journal_mode = WAL');
      sqlite.pragma('synchronous = OFF');
      migrate(sqlite, path, steps);
      sqlite.transaction(() => fill(sqlite))();
    } finally {
      sqlite.close();
    }
    flush(draft);
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    removeDraft(draft);
    removeAbandonedDrafts(stateDir);
  }
}

/** A unique temporary path for a database that is not in its final place yet. */
export function draftPath(stateDir: string): string {
  return join(stateDir, `state.db.new-${process.pid}-${Date.now()}`);
}

/** fsync before link: the data must be on disk before the file gets its final name. */
function flush(path: string): void {
  const fd = openSync(path, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** An unfinished draft may also leave its log and other files behind. */
export function removeDraft(draft: string): void {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${part}`, { force: true });
}

/** Removes drafts of processes that were killed. */
export function removeAbandonedDrafts(stateDir: string): void {
  for (const name of readdirSync(stateDir).filter((entry) => entry.startsWith('state.db.new-'))) {
    const path = join(stateDir, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > abandonedAfterMs) rmSync(path, { force: true });
  }
}
