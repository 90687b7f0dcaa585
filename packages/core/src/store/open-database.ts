import { chmodSync, closeSync, fsyncSync, linkSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { Database } from './database.ts';
import { findDatabaseFile } from './database-file.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { prepareStateDir } from './state-dir.ts';
import { type StatePlace, translateStoreError } from './translate-error.ts';

/** Long enough for some hundred writers in a row, each with its fdatasync; SQLite gives no turns, so the last may wait long. */
const busyTimeoutMs = 30_000;

/** An unfinished new database older than this belongs to a process that was killed. Milliseconds. */
const abandonedAfterMs = 60_000;

/** Opens state.db, making it and its directory when they are missing. Many processes may do so at once. */
export function openDatabase(stateDir: string, options: { schemaSteps?: typeof migrations } = {}): Database {
  const place: StatePlace = { stateDir, path: join(stateDir, 'state.db'), busyTimeoutMs };
  const steps = options.schemaSteps ?? migrations;
  let sqlite: BetterSqlite3.Database | undefined;
  try {
    prepareStateDir(stateDir);
    if (!findDatabaseFile(place)) create(place, steps);
    sqlite = new BetterSqlite3(place.path, { timeout: busyTimeoutMs });
    migrate(sqlite, place.path, steps);
    // A reservation that was answered must survive power loss, not only a kill.
    sqlite.pragma('synchronous = FULL');
    return new Database(sqlite, place);
  } catch (error) {
    sqlite?.close();
    throw translateStoreError(error, place);
  }
}

/**
 * A new database is built under a name of its own and then linked to its place: whoever opens state.db finds it whole
 * and already in WAL mode (switching the mode is the one moment at which SQLite does not wait for others).
 */
function create(place: StatePlace, steps: typeof migrations): void {
  const draft = join(place.stateDir, `state.db.new-${process.pid}-${Date.now()}`);
  try {
    const sqlite = new BetterSqlite3(draft);
    try {
      chmodSync(draft, 0o600);
      sqlite.pragma('journal_mode = WAL');
      sqlite.pragma('synchronous = OFF');
      migrate(sqlite, place.path, steps);
    } finally {
      sqlite.close();
    }
    const fd = openSync(draft, 'r');
    fsyncSync(fd);
    closeSync(fd);
    linkSync(draft, place.path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    // A draft that could not be finished leaves its log too.
    for (const part of ['', '-wal', '-shm']) rmSync(`${draft}${part}`, { force: true });
    removeAbandonedDrafts(place.stateDir);
  }
}

function removeAbandonedDrafts(stateDir: string): void {
  for (const name of readdirSync(stateDir).filter((entry) => entry.startsWith('state.db.new-'))) {
    const path = join(stateDir, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > abandonedAfterMs) rmSync(path, { force: true });
  }
}
