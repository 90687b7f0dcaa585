import type { Run } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import { recordRunEnd } from '../observe/record-run-end.ts';
import type { Supervision } from '../supervision.ts';
import { type StoppedRun, type StopRunOptions, stopRun } from './stop-run.ts';

/**
 * Stops a run that is active according to the database. If it has already exited by itself, records that and returns
 * undefined. The caller must hold the service lock.
 */
export async function endRun(
  supervision: Supervision,
  run: Run,
  options: StopRunOptions,
): Promise<StoppedRun | undefined> {
  const observed = await observeRun(supervision, run, { holdsServiceLock: true });
  if (observed.isAlive) return stopRun(supervision, run, options);
  await recordRunEnd(supervision, observed, 'unrequested');
  return undefined;
}
