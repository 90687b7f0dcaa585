import { chmodSync, closeSync, fsyncSync, linkSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { migrate } from './migrate.ts';
import type { Migration } from './migrations.ts';
import type { StatePaths } from './translate-error.ts';

/** An unfinished new database older than this belongs to a process that was killed. Milliseconds. */
const abandonedAfterMs = 60_000;

/**
 * A new database is built under a name of its own, with what `fill` puts into it, and then linked to its place: whoever opens
 * state.db finds it whole and already in WAL mode (switching the mode is the one moment at which SQLite does not wait for
 * others). One that another process has made meanwhile stays.
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

/** A name of its own for a database that is not in its place yet. */
export function draftPath(stateDir: string): string {
  return join(stateDir, `state.db.new-${process.pid}-${Date.now()}`);
}

/** What is about to get its name is on the disk before. */
export function flush(path: string): void {
  const fd = openSync(path, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** A draft that could not be finished leaves its log too. */
export function removeDraft(draft: string): void {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${part}`, { force: true });
}

function removeAbandonedDrafts(stateDir: string): void {
  for (const name of readdirSync(stateDir).filter((entry) => entry.startsWith('state.db.new-'))) {
    const path = join(stateDir, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > abandonedAfterMs) rmSync(path, { force: true });
  }
}
