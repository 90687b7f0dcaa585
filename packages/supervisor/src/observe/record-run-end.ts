import { rm } from 'node:fs/promises';
import {
  type EndCause,
  endEvent,
  isRestartPending,
  noteInRunRecord,
  type PendingRestart,
  runDir,
  type ServiceKey,
  serviceStopped,
} from '@candle/core';
import type { Supervision } from '../supervision.ts';
import type { ObservedRun } from './observe-run.ts';

/**
 * Records the end of a run in the database, together with the decision of its restart policy. Deletes what the run was
 * started with, because it may contain secrets, unless a pending restart needs it. Keeps the output.
 */
export async function recordRunEnd(
  { store, stateDir, clock, announce }: Supervision,
  { run, hasBegun, exitCode, exitSignal, endedAtMs }: Omit<ObservedRun, 'status' | 'isAlive' | 'pid'>,
  cause: EndCause,
  pendingRestart?: PendingRestart,
): Promise<void> {
  const remains = { hasBegun, exitCode, exitSignal, endedAtMs: endedAtMs ?? clock.nowMs() };
  const event = endEvent(run.status, remains, cause);
  const dir = runDir(stateDir, run.id);
  const ended = await store.runs.end(run.id, event, pendingRestart);
  if (ended) {
    announce(serviceStopped(ended, event));
    await noteInRunRecord(dir, ended);
  }
  const temporary = [dir.command, dir.members, ...(isRestartPending(pendingRestart) ? [] : [dir.launch])];
  await Promise.all(temporary.map(removeFile));
}

/**
 * Deletes what a service's last run was started with, which was kept for a restart that will not happen now. The caller
 * must hold the service lock.
 */
export async function dropLastLaunch(
  { store, stateDir }: Supervision,
  { projectDir, name }: ServiceKey,
): Promise<void> {
  const last = (await store.runs.listOfService(projectDir, name)).at(-1);
  if (last?.endedAtMs != null) await removeFile(runDir(stateDir, last.id).launch);
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: NodeJS.ErrnoException) => {
    // A file replaced the directory, so the file to delete does not exist.
    if (error.code !== 'ENOTDIR') throw error;
  });
}
