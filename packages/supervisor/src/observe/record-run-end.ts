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

/** Writes the end of a run that nobody stopped, and with it what its restart policy makes of it. */
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
 * Writes the end of a run into the ledger. What it was started with goes, as it may hold secrets, unless it is to be
 * started with it again; its output stays.
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

/** What a service's last run was started with, kept for a restart by policy that will not come now. Needs the turn. */
export async function dropLastLaunch(
  { store, stateDir }: Supervision,
  { projectDir, name }: ServiceKey,
): Promise<void> {
  const last = (await store.runs.listOfService(projectDir, name)).at(-1);
  if (last?.endedAtMs != null) await removeFile(runDir(stateDir, last.id).launch);
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: NodeJS.ErrnoException) => {
    // Somebody put a file in the place of the directory: it is as gone as when there is nothing.
    if (error.code !== 'ENOTDIR') throw error;
  });
}
