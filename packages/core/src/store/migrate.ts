import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import {
  currentEndReason,
  findRunRecord,
  isEarlierShimAlive,
  listRunIds,
  readRecord,
  runDir,
} from '../runs/run-record.ts';
import type { ServiceKey } from '../services/service.ts';
import { EarlierBuildRunningError, StateForeignError, StateTooNewError } from './errors.ts';
import { tryLockSupervisor } from './file-lock.ts';
import { type Migration, migrations } from './migrations.ts';

/** The first schema of a release. Schemas 1 to 3 are from builds before it, whose columns had other names. */
const firstSchema = 4;

export function isOfEarlierBuild(schema: number): boolean {
  return schema > 0 && schema < firstSchema;
}

const tables = ['reservations', 'port_cursor', 'services', 'runs'] as const;

const newNames: Readonly<Record<string, string>> = {
  ticket: 'generation',
  ticket_verb: 'request_verb',
  ticket_pid: 'request_pid',
  ticket_start_token: 'request_start_token',
  turn_pid: 'lock_pid',
  turn_start_token: 'lock_start_token',
  turn_since_ms: 'lock_since_ms',
  guard_pid: 'shim_pid',
  guard_start_token: 'shim_start_token',
};

type Row = Readonly<Record<string, unknown>>;

/**
 * Replaces the tables of an earlier build with those that `createTables` creates, and keeps every row. Runs in the caller's
 * transaction.
 * @throws EarlierBuildRunningError if a service that the earlier build started still runs, because this Candle cannot stop it
 */
function convertEarlierBuild(sqlite: BetterSqlite3.Database, stateDir: string, createTables: () => void): void {
  const found = tables.filter((table) => hasTable(sqlite, table));
  const rows = new Map(found.map((table) => [table, sqlite.prepare<[], Row>(`SELECT * FROM ${table}`).all()]));
  refuseWhileServicesRun(stateDir, sqlite);
  for (const table of [...found, 'meta']) sqlite.exec(`DROP TABLE ${table}`);
  createTables();
  for (const [table, old] of rows) for (const row of old) insert(sqlite, table, row);
}

function hasTable(sqlite: BetterSqlite3.Database, table: string): boolean {
  return sqlite.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined;
}

function insert(sqlite: BetterSqlite3.Database, table: string, row: Row): void {
  const values = Object.entries(row).map(([name, value]) => (name === 'end_reason' ? currentEndReason(value) : value));
  const names = Object.keys(row).map((name) => newNames[name] ?? name);
  sqlite
    .prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
    .run(...values);
}

interface EarlierRun {
  readonly id: string;
  readonly project_dir: string;
  readonly service_name: string;
  readonly status: string;
}

/**
 * A run of an earlier build is running while its shim holds the FIFO `life` of its directory open. `sqlite` is the
 * database of the earlier build, or undefined if it cannot be read.
 * @throws EarlierBuildRunningError
 */
export function refuseWhileServicesRun(stateDir: string, sqlite?: BetterSqlite3.Database): void {
  const active = sqlite === undefined ? [] : listActive(sqlite);
  const attached = listRunIds(stateDir).filter((id) => isEarlierShimAlive(runDir(stateDir, id)));
  const left = active.filter(({ status }) => status === 'detached').map(({ id }) => id);
  const isSupervised = attached.length + left.length > 0 && isSupervisorAlive(stateDir);
  // The main program of a detached run has ended. A supervisor stays for as long as the rest of the run lives.
  const detached = isSupervised ? left : [];
  if (attached.length + detached.length === 0) return;
  throw new EarlierBuildRunningError({
    stateDir,
    services: [...attached, ...detached].map((id) => serviceOf(stateDir, id, active)),
    supervisorPid: isSupervised ? numberIn(readJson(join(stateDir, 'supervisor.json')), 'pid') : undefined,
    groups: attached.flatMap((id) => readRecord(runDir(stateDir, id).pid) ?? []),
    processes: detached.flatMap((id) => memberPids(runDir(stateDir, id).members)),
  });
}

function listActive(sqlite: BetterSqlite3.Database): readonly EarlierRun[] {
  if (!hasTable(sqlite, 'runs')) return [];
  const columns = 'id, project_dir, service_name, status';
  return sqlite.prepare<[], EarlierRun>(`SELECT ${columns} FROM runs WHERE ended_at_ms IS NULL`).all();
}

function serviceOf(stateDir: string, id: string, active: readonly EarlierRun[]): ServiceKey {
  const row = active.find((run) => run.id === id);
  if (row !== undefined) return { projectDir: row.project_dir, name: row.service_name };
  const run = findRunRecord(runDir(stateDir, id))?.run;
  return { projectDir: run?.projectDir ?? 'an unknown project', name: run?.serviceName ?? id };
}

function isSupervisorAlive(stateDir: string): boolean {
  if (!existsSync(join(stateDir, 'lock.db'))) return false;
  const lock = tryLockSupervisor(stateDir);
  lock?.release();
  return lock === undefined;
}

function memberPids(path: string): readonly number[] {
  const members = readJson(path);
  return Array.isArray(members) ? members.flatMap((member) => numberIn(member, 'pid') ?? []) : [];
}

function numberIn(value: unknown, key: string): number | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'number' ? found : undefined;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

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
  // In one transaction, because another program may write over the file between two of them.
  const [found, isOurs] = sqlite.transaction(() => {
    const schema = schemaOf(sqlite);
    return [schema, isOfCandle(sqlite, schema)] as const;
  })();
  if (!isOurs) throw new StateForeignError(path);
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

/**
 * A rollback journal exists only during a write, so that nothing can remove a part of the database between two writes. The
 * journal is truncated instead of deleted, so that a write needs no free inode. Also converts a database in WAL mode, which
 * is what earlier versions created, and brings the content of its log into it. False if it stays in WAL mode.
 */
export function useRollbackJournal(sqlite: BetterSqlite3.Database): boolean {
  // A reservation that was reported must survive power loss, not only a kill. SQLite then also syncs the truncation.
  sqlite.pragma('synchronous = FULL');
  try {
    sqlite.pragma('journal_mode = TRUNCATE');
    return true;
  } catch {
    // Another process has it open in WAL mode, or the disk is full: the next process that opens it tries again.
    return false;
  }
}
