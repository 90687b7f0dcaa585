import { readdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { ServiceRecord } from '../services/service.ts';
import type { Run } from './run.ts';
import { type RunDir, runDir, runsDir } from './run-dir.ts';
import { runStatuses } from './run-status.ts';

/** `run.json`, from which a damaged or missing database is restored. It does not contain the environment, so nothing in it has to be deleted when the run ends. */
export interface RunRecord {
  readonly run: Run;
  /** The definition of a transient service, which is otherwise only in the database. */
  readonly transient: ServiceRecord['transient'];
}

/** Writes the record atomically. */
export async function writeRunRecord(dir: RunDir, record: RunRecord): Promise<void> {
  const draft = `${dir.record}.${process.pid}`;
  try {
    await writeFile(draft, JSON.stringify(record, null, 2), { mode: 0o600 });
    await rename(draft, dir.record);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Replaces the run in the record after a change in the database. It ignores a full disk or a missing directory. */
export async function noteInRunRecord(dir: RunDir, run: Run): Promise<void> {
  const record = findRunRecord(dir);
  if (record === undefined) return;
  await writeRunRecord(dir, { ...record, run }).catch(() => undefined);
}

/** Undefined if the record is missing or was not written by Candle. */
export function findRunRecord(dir: RunDir): RunRecord | undefined {
  try {
    const record: unknown = withCurrentNames(JSON.parse(readFileSync(dir.record, 'utf8')));
    return isRunRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** The records of all runs whose directory exists, in no particular order. */
export function listRunRecords(stateDir: string): readonly RunRecord[] {
  return listRunIds(stateDir).flatMap((id) => {
    const record = findRunRecord(runDir(stateDir, id));
    return record?.run.id === id ? record : [];
  });
}

/** A run's id: its start time (milliseconds, base 36) and a unique part. */
const runIdForm = /^[0-9a-z]+-[0-9a-f]{12}$/;

/** The ids of all runs whose directory exists. */
export function listRunIds(stateDir: string): readonly string[] {
  try {
    return readdirSync(runsDir(stateDir)).filter((name) => runIdForm.test(name));
  } catch {
    return [];
  }
}

const texts = ['id', 'projectDir', 'serviceName', 'shell', 'root', 'fingerprint', 'bootId'] as const;
const numbers = ['generation', 'startedAtMs', 'attempt'] as const;
const optionalNumbers = ['port', 'endedAtMs', 'exitCode', 'confirmedAtMs'] as const;

function isRunRecord(value: unknown): value is RunRecord {
  if (!isObject(value) || !isObject(value.run)) return false;
  const { run, transient } = value;
  return (
    texts.every((key) => typeof run[key] === 'string') &&
    numbers.every((key) => Number.isSafeInteger(run[key])) &&
    optionalNumbers.every((key) => run[key] === null || Number.isSafeInteger(run[key])) &&
    runStatuses.some((status) => status === run.status) &&
    (run.shim === null || (isObject(run.shim) && Number.isSafeInteger(run.shim.pid))) &&
    (transient === null || (isObject(transient) && typeof transient.shell === 'string'))
  );
}

/** Builds before the first release wrote some fields under other names. */
function withCurrentNames(record: unknown): unknown {
  if (!isObject(record) || !isObject(record.run) || !('ticket' in record.run)) return record;
  const { ticket, guard, endReason, ...run } = record.run;
  return { ...record, run: { ...run, generation: ticket, shim: guard, endReason: currentEndReason(endReason) } };
}

/** Builds before the first release wrote `itself` for a run that exited without being stopped. */
export function currentEndReason<T>(value: T): T | 'exited' {
  return value === 'itself' ? 'exited' : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
