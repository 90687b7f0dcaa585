import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '@candle/core';
import { awaitReady, readinessOf } from '../readiness/await-ready.ts';
import type { Supervision } from '../supervision.ts';
import { isBeingStarted } from './record-exit.ts';

/** Whoever waited for it has given up, so there is no hurry any more; an `exec` may start an interpreter each time. */
const lateCheckEveryMs = 5_000;
const confirmationPollMs = 100;

/** Sees to it that the ledger hears when a run becomes ready, however late. Ends with the run, or when it is aborted. */
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

/** Whoever starts it asks the same: two askers would show twice in the log of a server. */
async function awaitConfirmation(supervision: Supervision, run: Run, signal: AbortSignal): Promise<void> {
  for (;;) {
    const now = await supervision.store.runs.find(run.id);
    if (!now || now.endedAtMs !== null || !(await isBeingStarted(supervision, now))) return;
    await sleep(confirmationPollMs, undefined, { signal });
  }
}
