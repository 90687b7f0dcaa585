import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessIdentity, ProcessTable } from '../system/process-table.ts';

/** The record of a supervisor in the state directory: enough information to report it if it does not answer. */
export interface SupervisorRecord extends ProcessIdentity {
  readonly version: string;
  readonly startedAtMs: number;
  /** The shell that restarts it. */
  readonly watchdog: ProcessIdentity | null;
  /** The system cannot free the space of copied output, so spools grow until their runs end. */
  readonly isUnfreed: boolean;
}

function recordPath(stateDir: string): string {
  return join(stateDir, 'supervisor.json');
}

/** The record of the live supervisor, or undefined if there is none. */
export function findSupervisor(stateDir: string, processes: ProcessTable): SupervisorRecord | undefined {
  const record = readSupervisorRecord(stateDir);
  return record && processes.isAlive(record) ? record : undefined;
}

/** The record of the last supervisor, alive or not. */
export function readSupervisorRecord(stateDir: string): SupervisorRecord | undefined {
  try {
    const record: Partial<SupervisorRecord> = JSON.parse(readFileSync(recordPath(stateDir), 'utf8'));
    return typeof record.pid === 'number' && typeof record.startToken === 'string'
      ? (record as SupervisorRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

export function writeSupervisorRecord(stateDir: string, record: SupervisorRecord): void {
  const draft = `${recordPath(stateDir)}.${record.pid}`;
  writeFileSync(draft, JSON.stringify(record), { mode: 0o600 });
  renameSync(draft, recordPath(stateDir));
}

export function removeSupervisorRecord(stateDir: string): void {
  rmSync(recordPath(stateDir), { force: true });
}
