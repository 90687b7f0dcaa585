import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { isEarlierShimAlive, readRecord, runDir } from '../runs/run-dir.ts';
import { currentEndReason, findRunRecord, listRunIds } from '../runs/run-record.ts';
import type { ServiceKey } from '../services/service.ts';
import { EarlierBuildRunningError } from './errors.ts';
import { tryLockSupervisor } from './supervisor-lock.ts';

/** The first schema of a release. Schemas 1 to 3 are from builds before it, whose columns had other names. */
export const firstSchema = 4;

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
export function convertEarlierBuild(sqlite: BetterSqlite3.Database, stateDir: string, createTables: () => void): void {
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
