import { type Comeback, type EndReason, isGuardAlive, nextStatus, type Run, readRecord, runDir } from '@candle/core';
import { findLaunch } from '../launch/launch.ts';
import { marksOfRun } from '../observe/marks-of-run.ts';
import { observeRun } from '../observe/observe-run.ts';
import { settleRun } from '../observe/settle-run.ts';
import type { Supervision } from '../supervision.ts';
import type { ProcessInfo } from '../system/process-table.ts';
import { sendSignal } from '../system/send-signal.ts';
import { awaitPortFree } from './await-port-free.ts';
import { PortStillHeldError, ServiceSurvivedError } from './errors.ts';
import { type StoppedTree, stopTree } from './stop-tree.ts';

/** From fork to its first words a shell takes some ms. */
const guardPidPatienceMs = 2_000;
const guardPidPollMs = 5;

/** What a stop tells while it waits. */
export type OnWaiting = (run: Run, processes: readonly ProcessInfo[]) => void;

export interface StoppedRun extends Pick<StoppedTree, 'killed' | 'bystanders'> {
  readonly run: Run;
}

export interface StopRunOptions {
  readonly reason: EndReason;
  /** What is stopped are the leftovers of a start that failed. */
  readonly hasFailed?: boolean;
  /** What the restart policy makes of its end; only for one that nobody asked to stop. */
  readonly comeback?: Comeback | undefined;
  readonly onWaiting?: OnWaiting | undefined;
}

/**
 * Ends a run: its whole tree, and the port free again before this returns. Needs the service's turn.
 * @throws ServiceSurvivedError, PortStillHeldError
 */
export async function stopRun(
  supervision: Supervision,
  run: Run,
  { reason, hasFailed = false, comeback, onWaiting }: StopRunOptions,
): Promise<StoppedRun> {
  if (run.guard === null) await awaitGuardPid(supervision, run);
  const marks = await marksOfRun(supervision, run);
  let stopped: StoppedTree = { outcome: 'gone', killed: false, bystanders: [], survivors: [] };
  if (marks) {
    await supervision.store.runs.setStatus(run.id, nextStatus(run.status, 'stopAsked'));
    stopped = await stopTree(marks, {
      ...stopSettings(supervision, run),
      onWaiting: onWaiting && ((processes) => onWaiting(run, processes)),
      processTable: supervision.processes,
      sendSignal,
      clock: supervision.waiting,
    });
    if (stopped.outcome === 'survived') throw new ServiceSurvivedError(run, stopped.survivors);
  }
  const observed = await observeRun(supervision, { ...run, status: 'stopping' });
  const status = hasFailed ? nextStatus('stopping', 'startFailed') : observed.status;
  await settleRun(supervision, { ...observed, status }, reason, comeback);
  if (run.port !== null && marks) {
    const holders = await awaitPortFree(run.port, { processTable: supervision.processes, clock: supervision.waiting });
    if (holders.length > 0) throw new PortStillHeldError(run, holders);
  }
  return { run, killed: stopped.killed, bystanders: stopped.bystanders };
}

/** The start was cut off around its spawn: a guard that has only just been forked leaves no mark but `life`. */
async function awaitGuardPid({ stateDir, waiting }: Supervision, run: Run): Promise<void> {
  const dir = runDir(stateDir, run.id);
  const untilMs = waiting.nowMs() + guardPidPatienceMs;
  while (waiting.nowMs() < untilMs && isGuardAlive(dir) && readRecord(dir.pid) === undefined) {
    await waiting.sleep(guardPidPollMs);
  }
}

/** As the run was started; the configuration may have changed, or be gone, since. */
function stopSettings({ stateDir }: Supervision, run: Run): { signal: NodeJS.Signals; timeoutMs: number } {
  const launch = findLaunch(runDir(stateDir, run.id));
  return { signal: launch?.stopSignal ?? 'SIGTERM', timeoutMs: launch?.stopTimeoutMs ?? 10_000 };
}
