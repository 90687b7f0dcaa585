import { rm } from 'node:fs/promises';
import { type EndReason, runDir } from '@candle/core';
import type { Supervision } from '../supervision.ts';
import type { ObservedRun } from './observe-run.ts';

/** Writes the end of a run that nobody stopped. */
export async function settleEnded(supervision: Supervision, observed: ObservedRun): Promise<void> {
  await settleRun(supervision, observed, reasonOf(observed));
}

function reasonOf({ status, exitCode }: ObservedRun): EndReason {
  if (exitCode !== null) return 'itself';
  return status === 'failed' ? 'interrupted' : 'lost';
}

/** Writes the end of a run into the ledger. What it was started with goes, as it may hold secrets; its output stays. */
export async function settleRun(supervision: Supervision, observed: ObservedRun, reason: EndReason): Promise<void> {
  const { run, status, exitCode, exitSignal, endedAtMs } = observed;
  await supervision.store.runs.end(run.id, status, {
    endedAtMs: endedAtMs ?? supervision.clock.nowMs(),
    exitCode,
    exitSignal,
    endReason: reason,
  });
  const dir = runDir(supervision.stateDir, run.id);
  await Promise.all([dir.launch, dir.command, dir.members].map(remove));
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: NodeJS.ErrnoException) => {
    // Somebody put a file in the place of the directory: it is as gone as when there is nothing.
    if (error.code !== 'ENOTDIR') throw error;
  });
}
