import { isCandleError } from '@candle/core/errors';
import { isShimAlive, type Run, readRecord, runDir } from '@candle/core/runs';
import { isUnwritable } from '@candle/core/store';
import { ageOf, observeRun } from '../observe/observe-run.ts';
import { recordRunEnd } from '../observe/record-run.ts';
import { pendingRestartOf } from '../policy/next-restart.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import { stopRun } from '../stop/stop-run.ts';
import type { Supervision } from '../supervision.ts';
import type { RequestedStops } from './requested-stops.ts';

/**
 * A start is confirmed or has failed long before this. If the database does not say so by then, the command could not
 * record it.
 */
const startTimeoutMs = 60_000;

export type RunFate =
  /** Its end is recorded in the database. */
  | 'over'
  /** Its shim is alive. */
  | 'shim-alive'
  /** Its shim is gone, but other processes of the run are alive. */
  | 'members-alive'
  /** The command that starts it has not recorded the result yet. */
  | 'starting'
  /** Its shim is gone, and the database cannot be written now. */
  | 'unrecorded';

/**
 * Handles a run whose shim is gone: records its end in the database, together with the decision of its restart policy.
 * Leftovers of a failed program are stopped first. Starts nothing.
 */
export async function recordExit(
  supervision: Supervision,
  runId: string,
  requestedStops: RequestedStops,
): Promise<RunFate> {
  try {
    return (await requestedStops.record()) ? await recordRunExit(supervision, runId) : 'unrecorded';
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    return 'unrecorded';
  }
}

/** The same for a process that has no stops to record. The supervisor may do it at the same time. */
export async function recordRunExit(supervision: Supervision, runId: string): Promise<RunFate> {
  const { store, stateDir } = supervision;
  const dir = runDir(stateDir, runId);
  const run = await store.runs.find(runId);
  if (!run || run.endedAtMs !== null) return 'over';
  if (isShimAlive(dir)) return 'shim-alive';
  if (await isBeingStarted(supervision, run)) return 'starting';
  const key = { projectDir: run.projectDir, name: run.serviceName };
  const fate = await withServiceLock(
    supervision,
    key,
    () => false,
    async (): Promise<RunFate> => {
      const now = await store.runs.find(runId);
      return now && now.endedAtMs === null ? reconcile(supervision, now) : 'over';
    },
  );
  return fate ?? 'over';
}

/** Whether the command that starts the run is still waiting for the start to be confirmed. */
export async function isBeingStarted(supervision: Supervision, run: Run): Promise<boolean> {
  const { store, processes } = supervision;
  if (run.confirmedAtMs !== null || ageOf(supervision, run) > startTimeoutMs) return false;
  const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
  return service?.request.generation === run.generation && processes.isAlive(service.request.owner);
}

async function reconcile(supervision: Supervision, run: Run): Promise<RunFate> {
  const { store, stateDir } = supervision;
  const observed = await observeRun(supervision, run, { holdsServiceLock: true });
  const dir = runDir(stateDir, run.id);
  if (isShimAlive(dir)) return 'shim-alive';
  if (!observed.isAlive) {
    await recordRunEnd(supervision, observed, 'unrequested', await pendingRestartOf(supervision, run, observed));
    return 'over';
  }
  const exitCode = readRecord(dir.exit);
  // The shim was killed: the live process may well be the program itself.
  if (exitCode === undefined) return 'members-alive';
  if (exitCode === 0) {
    if (observed.status !== run.status) await store.runs.apply(run.id, { kind: 'left' });
    return 'members-alive';
  }
  return stopLeftovers(supervision, run, exitCode);
}

async function stopLeftovers(supervision: Supervision, run: Run, exitCode: number): Promise<RunFate> {
  const pendingRestart = await pendingRestartOf(supervision, run, { exitCode });
  try {
    await stopRun(supervision, run, { cause: 'unrequested', pendingRestart });
    return 'over';
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return 'members-alive';
  }
}
