import { type ServiceKey, statusLabel } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';
import { isStopped } from './list.ts';

/** Returns the same status of one service as `list`, without the other checks that `list` makes. */
export async function readServiceStatus(
  supervision: Supervision,
  key: ServiceKey,
): Promise<{ readonly label: string; readonly isAlive: boolean }> {
  const { store } = supervision;
  const run = (await store.runs.listOfService(key.projectDir, key.name)).at(-1);
  if (run === undefined)
    return { label: statusLabel({ status: 'idle', isAlive: false, exitCode: null }), isAlive: false };
  const { status, isAlive, exitCode } = await observeRun(supervision, run);
  const isIdle = !isAlive && isStopped(run, await store.services.find(key));
  return { label: statusLabel({ status: isIdle ? 'idle' : status, isAlive, exitCode }), isAlive };
}
