import { dirname } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { convertEarlierBuild, firstSchema, isOfEarlierBuild } from './earlier-build.ts';
import { StateForeignError, StateTooNewError } from './errors.ts';
import { type Migration, migrations } from './migrations.ts';

/**
 * The oldest schema whose Candle may still write to a database of today's schema. Starting with the first release, migrations
 * only add, so that two versions of Candle can share a state directory. Raise it if a migration ever breaks that rule.
 */
const oldestReader = firstSchema;

/** The schema after these steps: each step raises it by one. */
export function schemaAfter(steps: readonly Migration[]): number {
  return firstSchema - 1 + steps.length;
}

/**
 * Brings the database to this Candle's schema. Returns whether there was anything to do. A newer database is used as it is
 * if it allows this Candle to write.
 * @throws StateTooNewError if it does not allow it, StateForeignError if it is not a Candle database,
 * EarlierBuildRunningError
 */
export function migrate(
  sqlite: BetterSqlite3.Database,
  path: string,
  steps: readonly Migration[] = migrations,
): boolean {
  if (checkSchema(sqlite, path, steps) >= schemaAfter(steps)) return false;
  apply(sqlite, path, steps);
  return true;
}

/** The schema of a database that this Candle may use. @throws StateTooNewError, StateForeignError if it may not use it */
export function checkSchema(sqlite: BetterSqlite3.Database, path: string, steps: readonly Migration[]): number {
  const found = schemaOf(sqlite);
  if (!isOfCandle(sqlite, found)) throw new StateForeignError(path);
  refuseTooNew(sqlite, path, steps);
  return found;
}

/**
 * For a process that already has the database open: a newer Candle may have migrated it since.
 * @throws StateTooNewError if this Candle may no longer write to it
 */
export function refuseTooNew(sqlite: BetterSqlite3.Database, path: string, steps: readonly Migration[]): void {
  const found = schemaOf(sqlite);
  const known = schemaAfter(steps);
  if (found > known) refuseUnlessReadable(sqlite, path, found, known);
}

function apply(sqlite: BetterSqlite3.Database, path: string, steps: readonly Migration[]): void {
  sqlite.exec('BEGIN IMMEDIATE');
  try {
    // Read again under the lock: another process may have migrated since.
    const found = schemaOf(sqlite);
    const run = (left: readonly Migration[]) => {
      for (const { sql } of left) sqlite.exec(sql);
    };
    if (isOfEarlierBuild(found)) convertEarlierBuild(sqlite, dirname(path), () => run(steps));
    else run(steps.slice(Math.max(0, found - firstSchema + 1)));
    if (found < schemaAfter(steps)) {
      sqlite.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES ('oldestReader', ?)").run(oldestReader);
      sqlite.pragma(`user_version = ${schemaAfter(steps)}`);
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

/** Every Candle schema has the `meta` table; a new database has no tables. */
function isOfCandle(sqlite: BetterSqlite3.Database, schema: number): boolean {
  const condition = schema === 0 ? '1' : "type = 'table' AND name = 'meta'";
  const found = sqlite.prepare(`SELECT 1 FROM sqlite_master WHERE ${condition} LIMIT 1`).get() !== undefined;
  return found === schema > 0;
}

function schemaOf(sqlite: BetterSqlite3.Database): number {
  return Number(sqlite.pragma('user_version', { simple: true }));
}
