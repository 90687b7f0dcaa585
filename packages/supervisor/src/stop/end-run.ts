import type { Run } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import { recordUnrequestedEnd } from '../observe/record-run-end.ts';
import type { Supervision } from '../supervision.ts';
import { type StoppedRun, type StopRunOptions, stopRun } from './stop-run.ts';

/**
 * Stops a run that the ledger has as active; undefined when it had ended by itself, which the ledger then hears.
 * Needs the service's turn.
 */
export async function endRun(
  supervision: Supervision,
  run: Run,
  options: StopRunOptions,
): Promise<StoppedRun | undefined> {
  const observed = await observeRun(supervision, run, { holdsServiceLock: true });
  if (observed.isAlive) return stopRun(supervision, run, options);
  await recordUnrequestedEnd(supervision, observed);
  return undefined;
}
