import { eq } from 'drizzle-orm';
import { readRecord, runDir } from '../../runs/run-dir.ts';
import type { RunRecord } from '../../runs/run-record.ts';
import type { Orm } from '../database.ts';
import { toRunRow } from '../run-row.ts';
import { runs } from '../schema.ts';

type RecordedRun = RunRecord['run'];

/** Adds the runs that their directories know to those that the ledger has already. */
export function restoreRuns(orm: Orm, stateDir: string, records: readonly RunRecord[]): void {
  for (const { run } of newestFirst(records)) {
    insert(orm, run.endedAtMs === null ? asActive(stateDir, run) : run);
    // One run of a service is active at most: of two whose end nobody has noted, the older one has been replaced.
    if (!isKnown(orm, run)) insert(orm, asLost(run));
  }
}

export function newestFirst(records: readonly RunRecord[]): readonly RunRecord[] {
  return records.toSorted((a, b) => b.run.generation - a.run.generation || b.run.startedAtMs - a.run.startedAtMs);
}

function insert(orm: Orm, run: RecordedRun): void {
  orm.insert(runs).values(toRunRow(run)).onConflictDoNothing().run();
}

function isKnown(orm: Orm, { id }: RecordedRun): boolean {
  return orm.select({ id: runs.id }).from(runs).where(eq(runs.id, id)).get() !== undefined;
}

/** Whether it is over is for the kernel to say, whenever somebody asks. That it did start, its guard has written down. */
function asActive(stateDir: string, run: RecordedRun): RecordedRun {
  if (readRecord(runDir(stateDir, run.id).pid) === undefined) return run;
  const status = run.status === 'starting' ? 'running' : run.status;
  return { ...run, status, confirmedAtMs: run.confirmedAtMs ?? run.startedAtMs };
}

function asLost(run: RecordedRun): RecordedRun {
  return { ...run, status: 'lost', endedAtMs: run.startedAtMs, endReason: 'lost' };
}
