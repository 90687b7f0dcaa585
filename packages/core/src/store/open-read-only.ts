import BetterSqlite3 from 'better-sqlite3';
import { isCandleError } from '../errors/candle-error.ts';
import type { Connection } from './connection.ts';
import { Database } from './database.ts';
import { copiedCommit, withoutWal } from './last-copy.ts';
import { checkSchema, migrate, refuseTooNew, schemaAfter } from './migrate.ts';
import { type Migration, migrations } from './migrations.ts';
import { openRestored } from './recovery/recover.ts';
import { databasePath, fileAt, isRolledBack, type StatePaths } from './state-dir.ts';

/** Longer than a usual write. Then the last copy is read. Milliseconds. */
const busyTimeoutMs = 5_000;

/**
 * The database for a process that creates, changes and restores no file. Reads the file if this Candle can use it as it is, and
 * otherwise, in memory, what another process would create, migrate or restore.
 */
export function openReadOnly(stateDir: string, steps: readonly Migration[] = migrations): Database {
  const paths: StatePaths = { stateDir, path: databasePath(stateDir), busyTimeoutMs };
  return new Database(paths, {
    connect: () => connectReadOnly(paths, steps),
    repair: ({ file }) => ({ sqlite: openRestored(stateDir, steps), file }),
    verify: (sqlite) => refuseTooNew(sqlite, paths.path, steps),
    verifyCommit: () => undefined,
    isRestorable: () => false,
    onChanged: () => undefined,
  });
}

function connectReadOnly({ stateDir, path, busyTimeoutMs }: StatePaths, steps: readonly Migration[]): Connection {
  const file = fileAt(path);
  try {
    const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
    const isEmpty = sqlite.pragma('schema_version', { simple: true }) === 0;
    if (!isEmpty && checkSchema(sqlite, path, steps) < schemaAfter(steps)) {
      const migrated = new BetterSqlite3(withoutWal(sqlite.serialize()));
      sqlite.close();
      migrate(migrated, path, steps);
      return { sqlite: migrated, file };
    }
    if (!isEmpty && !isRolledBack(sqlite, stateDir, () => copiedCommit(stateDir))) return { sqlite, file };
    sqlite.close();
  } catch (error) {
    if (isCandleError(error)) throw error;
    // It is missing or damaged, or has the journal of a process that was killed.
  }
  return { sqlite: openRestored(stateDir, steps), file };
}
