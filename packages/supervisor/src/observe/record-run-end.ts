import { rm } from 'node:fs/promises';
import {
  type EndReason,
  noteInRunRecord,
  type PendingRestart,
  runDir,
  type ServiceKey,
  serviceStopped,
} from '@candle/core';
import type { Supervision } from '../supervision.ts';
import type { ObservedRun } from './observe-run.ts';

/** Records the end of a run that nobody stopped, together with the decision of its restart policy. */
export async function recordUnrequestedEnd(
  supervision: Supervision,
  observed: ObservedRun,
  pendingRestart?: PendingRestart,
): Promise<void> {
  await recordRunEnd(supervision, observed, reasonOf(observed), pendingRestart);
}

function reasonOf({ status, exitCode }: ObservedRun): EndReason {
  if (exitCode !== null) return 'exited';
  return status === 'failed' ? 'interrupted' : 'lost';
}

/**
 * Records the end of a run in the database. Deletes what the run was started with, because it may contain secrets,
 * unless a pending restart needs it. Keeps the output.
 */
export async function recordRunEnd(
  supervision: Supervision,
  observed: ObservedRun,
  reason: EndReason,
  pendingRestart?: PendingRestart,
): Promise<void> {
  const { run, status, exitCode, exitSignal, endedAtMs } = observed;
  const end = { endedAtMs: endedAtMs ?? supervision.clock.nowMs(), exitCode, exitSignal, endReason: reason };
  if (await supervision.store.runs.end(run, status, end, pendingRestart))
    supervision.announce(serviceStopped(run, end));
  const dir = runDir(supervision.stateDir, run.id);
  await noteInRunRecord(dir, { status, ...end });
  const isRestartPending = pendingRestart?.nextRestartAtMs != null;
  await Promise.all([...(isRestartPending ? [] : [dir.launch]), dir.command, dir.members].map(removeFile));
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
