import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type BetterSqlite3 from 'better-sqlite3';
import { isHeldOpen, runDir } from '../runs/run-dir.ts';
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
  refuseWhileServicesRun(sqlite, stateDir);
  for (const table of [...found, 'meta']) sqlite.exec(`DROP TABLE ${table}`);
  createTables();
  for (const [table, old] of rows) for (const row of old) insert(sqlite, table, row);
}

function hasTable(sqlite: BetterSqlite3.Database, table: string): boolean {
  return sqlite.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined;
}

function insert(sqlite: BetterSqlite3.Database, table: string, row: Row): void {
  const values = Object.values(row).map((value) => (value === 'itself' ? 'exited' : value));
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
  readonly guard_pid: number | null;
}

/** @throws EarlierBuildRunningError */
export function refuseWhileServicesRun(sqlite: BetterSqlite3.Database, stateDir: string): void {
  if (!hasTable(sqlite, 'runs')) return;
  const columns = 'id, project_dir, service_name, status, guard_pid';
  const active = sqlite.prepare<[], EarlierRun>(`SELECT ${columns} FROM runs WHERE ended_at_ms IS NULL`).all();
  const isSupervised = active.length > 0 && isSupervisorAlive(stateDir);
  // The main program of a detached run has ended. A supervisor stays for as long as the rest of the run lives.
  const running = active.filter(({ id, status }) =>
    status === 'detached' ? isSupervised : isHeldOpen(join(runDir(stateDir, id).path, 'life')),
  );
  if (running.length === 0) return;
  throw new EarlierBuildRunningError({
    stateDir,
    services: running.map(({ project_dir, service_name }) => ({ projectDir: project_dir, name: service_name })),
    supervisorPid: isSupervised ? numberIn(readJson(join(stateDir, 'supervisor.json')), 'pid') : undefined,
    groups: running.flatMap(({ status, guard_pid }) =>
      status === 'detached' || guard_pid === null ? [] : [guard_pid],
    ),
    processes: running.flatMap(({ id, status }) =>
      status === 'detached' ? memberPids(runDir(stateDir, id).members) : [],
    ),
  });
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
