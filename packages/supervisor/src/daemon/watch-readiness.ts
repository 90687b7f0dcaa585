import { setTimeout as sleep } from 'node:timers/promises';
import { type ReadyCheck, recheckIntervalOf } from '@candle/core/config';
import { isShimAlive, type Run, runDir } from '@candle/core/runs';
import { readinessOf } from '../launch/launch.ts';
import { awaitReady, markReady } from '../readiness/await-ready.ts';
import { recordLostReadiness } from '../readiness/lost-readiness.ts';
import { isRepeatable, openReadyProbe } from '../readiness/open-ready-probe.ts';
import type { ReadyProbe } from '../readiness/ready-probe.ts';
import type { Supervision } from '../supervision.ts';
import { isBeingStarted } from './record-exit.ts';

/**
 * After the timeout nobody waits any more, so later checks can be rare; an `exec` check may start an interpreter each
 * time.
 */
const lateCheckEveryMs = 5_000;
const confirmationPollMs = 100;
/** A development server that rebuilds may not respond for a moment, so one failure means nothing. */
const secondCheckAfterMs = 2_000;

/**
 * Records in the database when a run becomes ready, however late, and when it stops being ready. Returns when the run ends,
 * when there is nothing more to check, or when the signal is aborted.
 */
export async function watchReadiness(supervision: Supervision, run: Run, signal: AbortSignal): Promise<void> {
  const launch = readinessOf(supervision, run);
  const { ready } = launch;
  // A job becomes ready by its end.
  if (ready.kind === 'done') return;
  const recheckMs = isRepeatable(launch) ? recheckIntervalOf(ready) : undefined;
  if (run.status === 'ready' && recheckMs === undefined) return;
  // One for all checks, because it remembers what it has read, and whether the server needs TLS.
  const probe = openReadyProbe(supervision, run, launch);
  const watch = { supervision, run, probe, signal };
  const close = () => probe.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    let isReady = run.status === 'ready' || (await awaitFirstReady(supervision, run, { ready, signal }));
    for (;;) {
      if (!isReady && !(await awaitLateReady(watch, Math.max(lateCheckEveryMs, ready.intervalMs)))) return;
      if (recheckMs === undefined || !(await awaitLoss(watch, recheckMs))) return;
      isReady = false;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

/** Returns false if the run is not ready by its timeout, or has ended. */
async function awaitFirstReady(
  supervision: Supervision,
  run: Run,
  { ready, signal }: { ready: ReadyCheck; signal: AbortSignal },
): Promise<boolean> {
  await awaitConfirmation(supervision, run, signal);
  return (await awaitReady(supervision, run, { timeoutMs: ready.timeoutMs, signal })).kind === 'ready';
}

/**
 * Waits while the command that starts the run makes the same checks, so that a server does not log each request twice.
 */
async function awaitConfirmation(supervision: Supervision, run: Run, signal: AbortSignal): Promise<void> {
  for (;;) {
    const now = await supervision.store.runs.find(run.id);
    if (!now || now.endedAtMs !== null || !(await isBeingStarted(supervision, now))) return;
    await sleep(confirmationPollMs, undefined, { signal });
  }
}

interface Watch {
  readonly supervision: Supervision;
  readonly run: Run;
  readonly probe: ReadyProbe;
  readonly signal: AbortSignal;
}

/** Returns true as soon as the run is ready; false if it has ended or left only a daemon. */
async function awaitLateReady({ supervision, run, probe, signal }: Watch, everyMs: number): Promise<boolean> {
  for (;;) {
    await sleep(everyMs, undefined, { signal });
    const isReady = await probe.check();
    const now = await supervision.store.runs.find(run.id);
    if (now?.status === 'ready') return true;
    if (!now || now.endedAtMs !== null || now.status === 'detached') return false;
    if (!isReady || now.status !== 'running') continue;
    await markReady(supervision, now);
    return true;
  }
}

/** Repeats the check of a ready run, and returns true when it has failed twice in a row; false if the run has ended. */
async function awaitLoss({ supervision, run, probe, signal }: Watch, recheckMs: number): Promise<boolean> {
  const { store, stateDir, clock } = supervision;
  for (let sinceMs: number | undefined; ; ) {
    await sleep(sinceMs === undefined ? recheckMs : secondCheckAfterMs, undefined, { signal });
    const checkedAtMs = clock.nowMs();
    const isReady = await probe.check();
    // A run that is being stopped, or has ended, fails the check too.
    const now = await store.runs.find(run.id);
    if (now?.status !== 'ready' || !isShimAlive(runDir(stateDir, run.id))) return false;
    if (isReady) sinceMs = undefined;
    else if (sinceMs === undefined) sinceMs = checkedAtMs;
    else {
      await recordLostReadiness(supervision, now, { sinceMs, reason: probe.awaited });
      return true;
    }
  }
}
