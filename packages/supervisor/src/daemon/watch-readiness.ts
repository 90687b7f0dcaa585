import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '@candle/core';
import { awaitReady, readinessOf } from '../readiness/await-ready.ts';
import type { Supervision } from '../supervision.ts';
import { isBeingStarted } from './record-exit.ts';

/**
 * After the timeout nobody waits any more, so later checks can be rare; an `exec` check may start an interpreter each
 * time.
 */
const lateCheckEveryMs = 5_000;
const confirmationPollMs = 100;

/**
 * Records in the database when a run becomes ready, however late. Returns when the run ends or the signal is aborted.
 */
export async function watchReadiness(supervision: Supervision, run: Run, signal: AbortSignal): Promise<void> {
  const { ready } = readinessOf(supervision, run);
  try {
    await awaitConfirmation(supervision, run, signal);
    let timeoutMs = ready.timeoutMs;
    for (;;) {
      const outcome = await awaitReady(supervision, run, { timeoutMs, signal });
      if (outcome.kind !== 'timeout') return;
      timeoutMs = 0;
      await sleep(Math.max(lateCheckEveryMs, ready.intervalMs), undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
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
