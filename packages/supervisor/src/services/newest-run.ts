import type { Run, ServiceKey } from '@candle/core';
import { StartOvertakenByKillError } from '../service-lock/errors.ts';
import type { Supervision } from '../supervision.ts';

const pollMs = 25;
/** A newer request that has not come to a run by then has failed before its run was made. */
const newerRunTimeoutMs = 120_000;

/** The run of the newest request, waited for; undefined when its asker died, or withdrew it, before there was one. */
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
