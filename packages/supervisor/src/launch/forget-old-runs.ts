import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Run, runDir, type ServiceKey } from '@candle/core';
import { tellLedger } from '../observe/tell-ledger.ts';
import type { Supervision } from '../supervision.ts';

/** Output of earlier runs that is kept for one service: what fits into this many bytes, of at most this many runs. */
const keptBytes = 64 * 1024 * 1024;
const keptRuns = 50;

/** Which ended runs go, oldest first, given what the output of each takes on disk. The newest ended one always stays. Pure. */
export function runsToForget(endedNewestFirst: readonly { id: string; bytes: number }[]): readonly string[] {
  let total = 0;
  return endedNewestFirst
    .filter(({ bytes }, index) => {
      total += bytes;
      return index > 0 && (index >= keptRuns || total > keptBytes);
    })
    .map(({ id }) => id);
}

/** Removes the directories and rows of runs whose output no longer fits. */
export async function forgetOldRuns({ store, stateDir }: Supervision, key: ServiceKey): Promise<void> {
  const runs = await store.runs.listOfService(key.projectDir, key.name);
  const ended = runs.filter((run) => run.endedAtMs !== null).reverse();
  for (const id of runsToForget(ended.map((run) => ({ id: run.id, bytes: spoolBytes(stateDir, run) })))) {
    if (await isRemoved(runDir(stateDir, id).path)) await tellLedger(store.runs.forget(id));
  }
}

/** What cannot be removed stays known, and is tried again at the next start: no reason to let this one fail. */
async function isRemoved(path: string): Promise<boolean> {
  return rm(path, { recursive: true, force: true }).then(
    () => true,
    () => false,
  );
}

/** What it takes on disk, not its length: a part may have been given back. */
function spoolBytes(stateDir: string, run: Run): number {
  const blockSize = 512;
  try {
    return statSync(runDir(stateDir, run.id).spool).blocks * blockSize;
  } catch {
    return 0;
  }
}
