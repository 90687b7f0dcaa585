import { eq } from 'drizzle-orm';
import { readRecord, runDir } from '../../runs/run-dir.ts';
import type { RunRecord } from '../../runs/run-record.ts';
import { applyEvent, endEvent, nextStatus } from '../../runs/run-status.ts';
import type { Orm } from '../database.ts';
import { toRunRow } from '../run-row.ts';
import { runs } from '../schema.ts';

type RecordedRun = RunRecord['run'];

/** Adds the runs from run directories that are not in the database yet. */
export function restoreRuns(orm: Orm, stateDir: string, records: readonly RunRecord[]): void {
  for (const { run } of newestFirst(records)) {
    insert(orm, run.endedAtMs === null ? asActive(stateDir, run) : run);
    // A service has at most one active run: of two runs without a recorded end, the older one was replaced.
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

/** Whether the run is over is checked later, by asking the kernel. The shim's pid file shows that it did start. */
function asActive(stateDir: string, run: RecordedRun): RecordedRun {
  if (readRecord(runDir(stateDir, run.id).pid) === undefined) return run;
  const status = nextStatus(run.status, 'spawned');
  return { ...run, status, confirmedAtMs: run.confirmedAtMs ?? run.startedAtMs };
}

function asLost(run: RecordedRun): RecordedRun {
  const files = { hasBegun: true, exitCode: null, exitSignal: null };
  return applyEvent(run, endEvent(run.status, { ...files, endedAtMs: run.startedAtMs }, 'unrequested'));
}
