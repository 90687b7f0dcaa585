import type BetterSqlite3 from 'better-sqlite3';
import { StateForeignError, StateTooNewError } from './errors.ts';
import { type Migration, migrations } from './migrations.ts';

/**
 * The oldest schema whose Candle may go on writing to a database of today's schema. Migrations only add, so that two
 * versions of Candle can share a state directory; raise it when one day a migration cannot keep to that.
 */
const oldestReader = 1;

/**
 * Brings the database to this Candle's schema, and tells whether there was anything to do. One that is newer is used as it is
 * when it says that this Candle may.
 * @throws StateTooNewError when it says otherwise, StateForeignError when it is none of Candle's
 */
export function migrate(
  sqlite: BetterSqlite3.Database,
  path: string,
  steps: readonly Migration[] = migrations,
): boolean {
  if (checkSchema(sqlite, path, steps) >= steps.length) return false;
  apply(sqlite, steps);
  return true;
}

/** The schema of a database that this Candle may use. @throws StateTooNewError, StateForeignError when it may not */
export function checkSchema(sqlite: BetterSqlite3.Database, path: string, steps: readonly Migration[]): number {
  const found = schemaOf(sqlite);
  if (!isOfCandle(sqlite, found)) throw new StateForeignError(path);
  refuseTooNew(sqlite, path, steps);
  return found;
}

/**
 * For who has it open already: a newer Candle may have migrated it since.
 * @throws StateTooNewError when it does not let this Candle write
 */
export function refuseTooNew(sqlite: BetterSqlite3.Database, path: string, steps: readonly Migration[]): void {
  const found = schemaOf(sqlite);
  if (found > steps.length) refuseUnlessReadable(sqlite, path, found, steps.length);
}

function apply(sqlite: BetterSqlite3.Database, steps: readonly Migration[]): void {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    // Read again under the lock: another process may have migrated since.
    for (const { sql } of steps.slice(schemaOf(sqlite))) sqlite.exec(sql);
    if (schemaOf(sqlite) < steps.length) {
      sqlite.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('oldestReader', ?)").run(oldestReader);
      sqlite.pragma(`user_version = ${steps.length}`);
    }
    sqlite.exec('COMMIT');
  } catch (error) {
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
    throw error;
  }
}

function refuseUnlessReadable(sqlite: BetterSqlite3.Database, path: string, found: number, known: number): void {
  const oldest = sqlite.prepare("SELECT value FROM meta WHERE key = 'oldestReader'").pluck().get();
  if (typeof oldest !== 'number' || oldest > known) throw new StateTooNewError(path, found, known);
}

/** Every schema of Candle's has this table; a database that was just made has none. */
function isOfCandle(sqlite: BetterSqlite3.Database, schema: number): boolean {
  const condition = schema === 0 ? '1' : "type = 'table' AND name = 'meta'";
  const found = sqlite.prepare(`SELECT 1 FROM sqlite_master WHERE ${condition} LIMIT 1`).get() !== undefined;
  return found === schema > 0;
}

function schemaOf(sqlite: BetterSqlite3.Database): number {
  return Number(sqlite.pragma('user_version', { simple: true }));
}
