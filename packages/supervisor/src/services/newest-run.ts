import type { Run, ServiceKey } from '@candle/core';
import { StartOvertakenByKillError } from '../service-lock/errors.ts';
import type { Supervision } from '../supervision.ts';

const pollMs = 25;
/** A newer request without a run by then failed before it created one. */
const newerRunTimeoutMs = 120_000;

/**
 * Waits for the run of the newest request. Undefined if the requesting process died, or withdrew the request, before a run
 * existed.
 */
export async function newestRun({ store, processes, waiting }: Supervision, key: ServiceKey): Promise<Run | undefined> {
  const deadlineMs = waiting.nowMs() + newerRunTimeoutMs;
  while (waiting.nowMs() < deadlineMs) {
    const service = await store.services.find(key);
    if (service?.request.verb === 'kill') throw new StartOvertakenByKillError(key);
    const runs = await store.runs.listOfService(key.projectDir, key.name);
    const run = runs.findLast(
      ({ generation, status }) => generation === service?.request.generation && status !== 'starting',
    );
    if (run) return run;
    if (!service || !processes.isAlive(service.request.owner)) return undefined;
    await waiting.sleep(pollMs);
  }
  return undefined;
}
