import { findRunRecord, isShimAlive, listRunIds, type RunDir, type RunRecord, runDir } from '@candle/core/runs';
import type { Supervision } from '../supervision.ts';

/** The directories of runs whose shim is alive although the database has no active run for them. */
export async function findOrphans({ store, stateDir }: Supervision): Promise<readonly RunDir[]> {
  // Read before the database, which gets the row of a run before its shim is started.
  const living = listRunIds(stateDir).filter((id) => isShimAlive(runDir(stateDir, id)));
  if (living.length === 0) return [];
  const active = new Set((await store.runs.listActive()).map(({ id }) => id));
  return living.filter((id) => !active.has(id)).map((id) => runDir(stateDir, id));
}

/** The same as active runs, from their own records. A database that was replaced may say that they are over. */
export async function findOrphanedRuns(supervision: Supervision): Promise<readonly RunRecord[]> {
  const orphans = await findOrphans(supervision);
  return orphans.flatMap((dir) => {
    const record = findRunRecord(dir);
    if (record === undefined) return [];
    const { run } = record;
    const ended = { endedAtMs: null, exitCode: null, exitSignal: null, endReason: null };
    const confirmedAtMs = run.confirmedAtMs ?? run.startedAtMs;
    return { ...record, run: { ...run, ...ended, status: 'running', confirmedAtMs } };
  });
}
