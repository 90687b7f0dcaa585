import { type ServiceKey, serviceStatus, statusLabel } from '@candle/core';
import { observeRun } from '../observe/observe-run.ts';
import type { Supervision } from '../supervision.ts';

/** Returns the same status of one service as `list`, without the other checks that `list` makes. */
export async function readServiceStatus(
  supervision: Supervision,
  key: ServiceKey,
): Promise<{ readonly label: string; readonly isAlive: boolean }> {
  const { store } = supervision;
  const run = (await store.runs.listOfService(key.projectDir, key.name)).at(-1);
  const observed = run && (await observeRun(supervision, run));
  const status = serviceStatus(observed, (await store.services.find(key))?.request.verb === 'kill');
  const { isAlive = false, exitCode = null } = observed ?? {};
  return { label: statusLabel({ status, isAlive, exitCode }), isAlive };
}
