import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { createDatabase } from './create-database.ts';
import { type Connection, Database } from './database.ts';
import { findDatabaseFile } from './database-file.ts';
import { StateDamagedError } from './errors.ts';
import { fileAt } from './file-at.ts';
import { copyDatabase } from './last-copy.ts';
import { migrate, refuseTooNew } from './migrate.ts';
import { type Migration, migrations } from './migrations.ts';
import { type Damage, hasTraces, recover } from './recovery/recover.ts';
import type { RecoveryReport } from './recovery/recovery-report.ts';
import { findUnfinished } from './recovery/set-aside.ts';
import { prepareStateDir } from './state-dir.ts';
import { type StatePaths, translateStoreError } from './translate-error.ts';

/** Long enough for some hundred writers in a row, each with its fdatasync; SQLite gives no turns, so the last may wait long. */
const busyTimeoutMs = 30_000;

/** A new database that is damaged again, or moved away again, this many times is nothing that another try would mend. */
const maxTries = 5;

export interface OpenOptions {
  readonly schemaSteps?: readonly Migration[] | undefined;
  /** Told when this process has put a new database in the place of one that was damaged or gone. */
  readonly onRecovered?: ((report: RecoveryReport) => void) | undefined;
}

/**
 * Opens state.db, making it and its directory when they are missing. A damaged one is set aside and what is known restored, now
 * and whenever damage is met later. Many processes may do so at once.
 */
export function openDatabase(stateDir: string, { schemaSteps = migrations, onRecovered }: OpenOptions = {}): Database {
  const paths: StatePaths = { stateDir, path: join(stateDir, 'state.db'), busyTimeoutMs };
  const mend = (damage: Damage) => {
    try {
      const report = recover(paths, schemaSteps, damage);
      if (report) onRecovered?.(report);
    } catch (error) {
      throw translateStoreError(error, paths);
    }
  };
  return new Database(paths, {
    connect: () => connect(paths, schemaSteps, mend),
    mend,
    verify: (sqlite) => refuseTooNew(sqlite, paths.path, schemaSteps),
  });
}

function connect(paths: StatePaths, steps: readonly Migration[], mend: (damage: Damage) => void): Connection {
  for (let tried = 1; ; tried++) {
    const file = fileAt(paths.path);
    try {
      const connection = tryConnect(paths, steps);
      if (connection) return connection;
      if (tried >= maxTries) throw new StateDamagedError(paths.path, 'it is replaced again and again');
    } catch (error) {
      const failure = translateStoreError(error, paths);
      // Another process has put another one in its place meanwhile.
      const isOther = fileAt(paths.path) !== file;
      if (tried >= maxTries || !(failure instanceof StateDamagedError || isOther)) throw failure;
      if (failure instanceof StateDamagedError) mend({ file, reason: failure.reason });
    }
  }
}

/** Undefined when the database was moved away before its log was opened, which may then be the log of another one. */
function tryConnect(paths: StatePaths, steps: readonly Migration[]): Connection | undefined {
  const { stateDir, path } = paths;
  prepareStateDir(stateDir);
  if (!findDatabaseFile(paths)) {
    if (hasTraces(stateDir)) throw new StateDamagedError(path, whyMissing(stateDir));
    createDatabase(paths, steps);
  }
  const file = fileAt(path);
  const sqlite = new BetterSqlite3(path, { timeout: busyTimeoutMs, fileMustExist: true });
  try {
    sqlite.pragma('schema_version');
    if (file === undefined || fileAt(path) !== file) {
      sqlite.close();
      return undefined;
    }
    if (migrate(sqlite, path, steps)) copyQuietly(sqlite, stateDir);
    // A reservation that was answered must survive power loss, not only a kill.
    sqlite.pragma('synchronous = FULL');
    return { sqlite, file };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function whyMissing(stateDir: string): string {
  return findUnfinished(stateDir) === undefined ? 'it is gone' : 'its recovery was cut off';
}

/** A copy that cannot be made now is made another day. */
function copyQuietly(sqlite: BetterSqlite3.Database, stateDir: string): void {
  try {
    copyDatabase(sqlite, stateDir);
  } catch {
    // The disk is full, or it is damaged, which is found where it matters.
  }
}
