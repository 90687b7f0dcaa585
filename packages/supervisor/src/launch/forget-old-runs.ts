import { statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { defaultLogLimits } from '@candle/core/config';
import { listSegments, segmentLength } from '@candle/core/logs';
import { type Run, runDir } from '@candle/core/runs';
import type { ServiceKey } from '@candle/core/services';
import { noteInStore } from '../observe/record-run.ts';
import type { Supervision } from '../supervision.ts';

/** How many ended runs of a service are kept, provided their output fits into the service's limit. */
const maxEndedRuns = 50;

/**
 * Which ended runs to remove, oldest first, given the bytes that the output of each takes on disk. The newest ended run
 * is always kept. Pure.
 */
export function runsToForget(
  endedNewestFirst: readonly { id: string; bytes: number }[],
  maxBytes: number,
): readonly string[] {
  let total = 0;
  return endedNewestFirst
    .filter(({ bytes }, index) => {
      total += bytes;
      return index > 0 && (index >= maxEndedRuns || total > maxBytes);
    })
    .map(({ id }) => id);
}

/** Removes the directories and rows of runs whose output no longer fits. */
export async function forgetOldRuns({ store, stateDir }: Supervision, key: ServiceKey): Promise<void> {
  const runs = await store.runs.listOfService(key.projectDir, key.name);
  const ended = runs.filter((run) => run.endedAtMs !== null).reverse();
  const { maxBytes } = (await store.services.find(key))?.logLimits ?? defaultLogLimits;
  const sized = ended.map((run) => ({ id: run.id, bytes: outputBytes(stateDir, run) }));
  for (const id of runsToForget(sized, maxBytes)) {
    if (await isRemoved(runDir(stateDir, id).path)) await noteInStore(store.runs.forget(id));
  }
}

/**
 * A run whose directory cannot be removed keeps its row, and the next start tries again. The current start does not
 * fail.
 */
async function isRemoved(path: string): Promise<boolean> {
  return rm(path, { recursive: true, force: true }).then(
    () => true,
    () => false,
  );
}

/** The bytes that the output takes on disk, not its length: the start of a spool may already have been freed. */
function outputBytes(stateDir: string, run: Run): number {
  const dir = runDir(stateDir, run.id);
  const blockSize = 512;
  const blocks = statSync(dir.spool, { throwIfNoEntry: false })?.blocks ?? 0;
  return listSegments(dir).reduce((sum, segment) => sum + (segmentLength(segment) ?? 0), blocks * blockSize);
}
