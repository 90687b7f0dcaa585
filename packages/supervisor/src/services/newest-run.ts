import type { Run, ServiceKey } from '@candle/core';
import type { Supervision } from '../supervision.ts';
import { StartOvertakenByKillError } from '../turns/errors.ts';

const pollMs = 25;
/** A newer request that has not come to a run by then has failed before its run was made. */
const newerRunPatienceMs = 120_000;

/** The run of the newest request, waited for; undefined when its asker died, or withdrew it, before there was one. */
export async function newestRun({ store, processes, waiting }: Supervision, key: ServiceKey): Promise<Run | undefined> {
  const untilMs = waiting.nowMs() + newerRunPatienceMs;
  while (waiting.nowMs() < untilMs) {
    const service = await store.services.find(key);
    if (service?.ticket.verb === 'kill') throw new StartOvertakenByKillError(key);
    const runs = await store.runs.listOfService(key.projectDir, key.name);
    const run = runs.findLast(({ ticket, status }) => ticket === service?.ticket.number && status !== 'starting');
    if (run) return run;
    if (!service || !processes.isAlive(service.ticket.owner)) return undefined;
    await waiting.sleep(pollMs);
  }
  return undefined;
}
