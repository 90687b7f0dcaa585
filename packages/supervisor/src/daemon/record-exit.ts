import { isCandleError, isShimAlive, nextStatus, type Run, readRecord, runDir } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import { recordUnrequestedEnd } from '../observe/record-run-end.ts';
import { pendingRestartOf } from '../policy/pending-restart-of.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import { stopRun } from '../stop/stop-run.ts';
import type { Supervision } from '../supervision.ts';

/** A start is certain, or has failed, long before; whoever has not told the ledger by then could not. */
const startTimeoutMs = 60_000;

export type RunFate =
  /** Its end stands in the ledger. */
  | 'over'
  /** Its guard lives. */
  | 'shim-alive'
  /** Its main program is over, and other processes of it live on. */
  | 'lives on'
  /** Whoever starts it has not yet told how that went. */
  | 'starting';

/**
 * What is to be done about a run whose guard is gone: its end is written into the ledger together with what its policy
 * makes of it. Leftovers of a program that failed are stopped first. Starts nothing.
 */
export async function recordExit(supervision: Supervision, runId: string): Promise<RunFate> {
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

/** Does whoever starts it still wait for that to be certain? */
export async function isBeingStarted({ store, processes, clock }: Supervision, run: Run): Promise<boolean> {
  if (run.confirmedAtMs !== null || clock.nowMs() - run.startedAtMs > startTimeoutMs) return false;
  const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
  return service?.request.generation === run.generation && processes.isAlive(service.request.owner);
}

async function reconcile(supervision: Supervision, run: Run): Promise<RunFate> {
  const { store, stateDir } = supervision;
  const observed = await observeRun(supervision, run, { holdsServiceLock: true });
  const dir = runDir(stateDir, run.id);
  if (isShimAlive(dir)) return 'shim-alive';
  if (!observed.isAlive) {
    await recordUnrequestedEnd(supervision, observed, await pendingRestartOf(supervision, run, observed));
    return 'over';
  }
  const exitCode = readRecord(dir.exit);
  // Somebody killed the guard: the program itself may well be the one that lives.
  if (exitCode === undefined) return 'lives on';
  if (exitCode === 0) {
    if (run.status !== 'detached') await store.runs.setStatus(run.id, nextStatus(run.status, 'left'));
    return 'lives on';
  }
  return stopLeftovers(supervision, run, exitCode);
}

async function stopLeftovers(supervision: Supervision, run: Run, exitCode: number): Promise<RunFate> {
  const pendingRestart = await pendingRestartOf(supervision, run, { exitCode, endedAtMs: null });
  try {
    await stopRun(supervision, run, { reason: 'exited', pendingRestart });
    return 'over';
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return 'lives on';
  }
}
