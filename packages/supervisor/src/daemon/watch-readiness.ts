import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '@candle/core';
import { awaitReady, readinessOf } from '../readiness/await-ready.ts';
import type { Supervision } from '../supervision.ts';

/** Whoever waited for it has given up, so there is no hurry any more; an `exec` may start an interpreter each time. */
const lateLookEveryMs = 5_000;

/** Sees to it that the ledger hears when a run becomes ready, however late. Ends with the run, or when it is aborted. */
export async function watchReadiness(supervision: Supervision, run: Run, signal: AbortSignal): Promise<void> {
  const { ready } = readinessOf(supervision, run);
  try {
    let timeoutMs = ready.timeoutMs;
    for (;;) {
      const outcome = await awaitReady(supervision, run, { timeoutMs, signal });
      if (outcome.kind !== 'timeout') return;
      timeoutMs = 0;
      await sleep(Math.max(lateLookEveryMs, ready.intervalMs), undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
