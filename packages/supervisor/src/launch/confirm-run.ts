import { isShimAlive, nextStatus, type Run, readRecord, runDir, serviceStarted } from '@candle/core';
import { noteInStore } from '../observe/note-in-store.ts';
import { observeRun } from '../observe/observe-run.ts';
import { recordMembers } from '../observe/record-members.ts';
import { recordRunEnd } from '../observe/record-run-end.ts';
import type { PortReport } from '../ports/port-report.ts';
import { whoHas } from '../ports/who-has.ts';
import { readinessOf } from '../readiness/await-ready.ts';
import { openReadyProbe, readyTargetOf } from '../readiness/ready-probe.ts';
import { ReadyWatch } from '../readiness/ready-watch.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import { stopRun } from '../stop/stop-run.ts';
import type { Supervision } from '../supervision.ts';
import { portAccepts } from '../system/port-accepts.ts';
import { ServiceStartFailedError } from './errors.ts';
import { readLastLines } from './failed-start-output.ts';
import { findTakenPort } from './find-taken-port.ts';
import { startGraceMs } from './start-grace.ts';

/** How long a service may take until it is ready before the start returns all the same. */
const readyTimeoutMs = 5_000;
/** How long after the end of its parent a daemon may take until its port accepts. */
const daemonTimeoutMs = 1_000;
const pollMs = 20;

export type Confirmation =
  /** It runs. `awaited`: what its readiness still misses, as a part of a sentence. */
  | { readonly kind: 'running'; readonly awaited?: string }
  /** It did its work and ended with 0. */
  | { readonly kind: 'finished' }
  /** A newer request has ended this run. */
  | { readonly kind: 'overtaken' };

/** Is the start of this living run so far back that there is nothing left to wait for? */
export function isCertain(supervision: Supervision, run: Run): boolean {
  if (run.confirmedAtMs !== null || run.status === 'ready' || run.status === 'detached') return true;
  const hasCheck = readyTargetOf(run, readinessOf(supervision, run)).kind !== 'none';
  return supervision.clock.nowMs() - run.startedAtMs >= (hasCheck ? readyTimeoutMs : startGraceMs);
}

/**
 * Waits until the start of a run is certain: alive after half a second and, when its readiness asks for more than that,
 * ready or five seconds old (`patienceMs` or its own timeout, if that is less, or when the signal says that nobody waits).
 * @throws ServiceStartFailedError when it ended with another code than 0
 */
export async function confirmRun(
  supervision: Supervision,
  run: Run,
  { timeoutMs = readyTimeoutMs, signal }: { timeoutMs?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Confirmation> {
  const launch = readinessOf(supervision, run);
  const target = readyTargetOf(run, launch);
  if (target.kind === 'none') return awaitCertainty(supervision, run, undefined, () => 0);
  const watch = new ReadyWatch(openReadyProbe(supervision, run, launch), {
    intervalMs: launch.ready.intervalMs,
    nowMs: supervision.waiting.nowMs,
  });
  try {
    const maxMs = Math.min(timeoutMs, readyTimeoutMs, launch.ready.timeoutMs);
    return await awaitCertainty(supervision, run, watch, () => (signal?.aborted ? 0 : maxMs));
  } finally {
    watch.close();
  }
}

async function awaitCertainty(
  supervision: Supervision,
  run: Run,
  watch: ReadyWatch | undefined,
  timeoutMs: () => number,
): Promise<Confirmation> {
  const { waiting } = supervision;
  const dir = runDir(supervision.stateDir, run.id);
  const beganMs = waiting.nowMs();
  for (let isDetached = false; ; ) {
    if (!isDetached && !isShimAlive(dir)) {
      await awaitDaemon(supervision, run);
      const end = await recordEarlyExit(supervision, run);
      if (end !== 'detached') return end;
      isDetached = true;
    }
    const isReady = watch?.check() ?? true;
    const elapsedMs = waiting.nowMs() - beganMs;
    if (elapsedMs >= startGraceMs && (isReady || elapsedMs >= timeoutMs())) {
      await markConfirmed(supervision, run, { isDetached, hasServed: watch !== undefined && isReady });
      return isReady ? { kind: 'running' } : { kind: 'running', awaited: watch?.awaited ?? '' };
    }
    await waiting.sleep(pollMs);
  }
}

/**
 * A program that ends with 0 may have left a daemon that cut every tie: its port is the only thing to know it by, so it
 * gets a moment to take it.
 */
async function awaitDaemon({ waiting, stateDir }: Supervision, run: Run): Promise<void> {
  if (run.port === null || readRecord(runDir(stateDir, run.id).exit) !== 0) return;
  const deadlineMs = waiting.nowMs() + daemonTimeoutMs;
  while (waiting.nowMs() < deadlineMs && !(await portAccepts(run.port))) await waiting.sleep(pollMs);
}

async function markConfirmed(
  supervision: Supervision,
  run: Run,
  { isDetached, hasServed }: { isDetached: boolean; hasServed: boolean },
): Promise<void> {
  const event = isDetached ? 'left' : hasServed ? 'served' : undefined;
  const status = event && nextStatus(run.status, event);
  const nowMs = supervision.clock.nowMs();
  const isFirst = await noteInStore(supervision.store.runs.confirm(run.id, nowMs, status));
  if (isFirst) supervision.announce(serviceStarted(run, nowMs));
  await recordMembers(supervision, run);
}

/** Who has the port that the program could not have, if it says so: a number that stands in its code is no reserved one. */
async function findConflict(
  supervision: Supervision,
  { projectDir }: Run,
  lastLines: readonly string[],
): Promise<PortReport | undefined> {
  const port = findTakenPort(lastLines);
  if (port === undefined) return undefined;
  const report = await whoHas(supervision, { port, projectDir });
  return report.owners.length > 0 ? report : undefined;
}

/** The main program is over before the start was certain: by whom, and is anything of it left? */
async function recordEarlyExit(supervision: Supervision, run: Run): Promise<Confirmation | 'detached'> {
  const key = { projectDir: run.projectDir, name: run.serviceName };
  const isOvertaken = (service: { request: { generation: number } }) => service.request.generation > run.generation;
  const end = await withServiceLock(supervision, key, isOvertaken, async (): Promise<Confirmation | 'detached'> => {
    const observed = await observeRun(supervision, run);
    if (observed.isAlive && observed.status === 'detached') return 'detached';
    // Leftovers of a failed start would hold the port of the next one.
    if (observed.isAlive) await stopRun(supervision, run, { reason: 'exited', hasFailed: true });
    else if (observed.exitCode === 0) {
      await recordRunEnd(supervision, observed, 'exited');
      return { kind: 'finished' };
    } else await recordRunEnd(supervision, { ...observed, status: nextStatus(run.status, 'startFailed') }, 'exited');
    const { exitCode, exitSignal } = observed.isAlive ? await observeRun(supervision, run) : observed;
    const lastLines = readLastLines(supervision, run);
    const conflict = await findConflict(supervision, run, lastLines);
    throw new ServiceStartFailedError({ ...run }, { exitCode, exitSignal }, { lastLines, conflict });
  });
  return end ?? { kind: 'overtaken' };
}
