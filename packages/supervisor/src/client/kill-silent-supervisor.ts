import { appendFileSync } from 'node:fs';
import { tryLockSupervisor } from '@candle/core/store';
import type { Supervision } from '../supervision.ts';
import type { ProcessTable } from '../system/process-table.ts';
import { sendSignal } from '../system/send-signal.ts';
import { findSupervisor, type SupervisorRecord } from './protocol.ts';
import { supervisorLogPath } from './start-watchdog.ts';

/** Nothing is wrong with a suspended supervisor: it continues where it was as soon as it is resumed. */
export function isSuspended({ pid, startToken }: SupervisorRecord, processes: ProcessTable): boolean {
  const found = processes.snapshot({ since: startToken }).find((process) => process.pid === pid);
  return found?.startToken === startToken && found.isStopped;
}

/**
 * Kills a supervisor that does not answer. Services are not affected, and its watchdog starts the next one. Returns false if
 * the supervisor is suspended, or if anything contradicts that the process is the supervisor of this state directory.
 */
export function killSilentSupervisor(supervision: Supervision, record: SupervisorRecord): boolean {
  const { stateDir, processes, clock } = supervision;
  const now = findSupervisor(stateDir, processes);
  const isRecorded = now?.pid === record.pid && now.startToken === record.startToken;
  if (!isRecorded || isSuspended(record, processes) || !isLockHeld(stateDir)) return false;
  if (sendSignal(record.pid, 'SIGKILL') !== 'sent') return false;
  const note = `${new Date(clock.nowMs()).toISOString()} A command killed pid ${record.pid}, which did not respond\n`;
  appendFileSync(supervisorLogPath(stateDir), note, { mode: 0o600 });
  return true;
}

function isLockHeld(stateDir: string): boolean {
  const lock = tryLockSupervisor(stateDir);
  lock?.release();
  return lock === undefined;
}
