import { findRunRecord, isShimAlive, listRunIds, type Run, type RunDir, runDir } from '@candle/core/runs';
import type { Supervision } from '../supervision.ts';

/** The directories of runs whose shim is alive although the database has no active run for them. */
export async function findOrphans({ store, stateDir }: Supervision): Promise<readonly RunDir[]> {
  // Read before the database, which gets the row of a run before its shim is started.
  const living = listRunIds(stateDir).filter((id) => isShimAlive(runDir(stateDir, id)));
  if (living.length === 0) return [];
  const active = new Set((await store.runs.listActive()).map(({ id }) => id));
  return living.filter((id) => !active.has(id)).map((id) => runDir(stateDir, id));
}

/** The same as runs, according to their own records. A database that was replaced may say that they are over. */
export async function findOrphanedRuns(supervision: Supervision): Promise<readonly Run[]> {
  const orphans = await findOrphans(supervision);
  return orphans.flatMap((dir) => {
    const run = findRunRecord(dir)?.run;
    return run ? { ...run, status: 'running', endedAtMs: null, exitCode: null, exitSignal: null, endReason: null } : [];
  });
}
