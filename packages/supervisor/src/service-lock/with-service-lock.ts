import type { ServiceKey, ServiceRecord } from '@candle/core';
import { noteInStore } from '../observe/note-in-store.ts';
import type { Supervision } from '../supervision.ts';
import { ServiceLockedError } from './errors.ts';

/** A turn lasts as long as a stop may take, which the configuration can make long; only one that hangs is given up on. */
const maxWaitMs = 120_000;
const firstPollMs = 10;
const maxPollMs = 100;

/**
 * Runs `work` while no other process works on the service. Before that, and once more when the turn is there, `isMoot`
 * is asked whether a newer request has made it superfluous; then nothing is done and the result is undefined.
 * @throws TurnHeldError when a living process keeps the turn for more than two minutes
 */
export async function withServiceLock<T>(
  supervision: Supervision,
  key: ServiceKey,
  isSuperseded: (service: ServiceRecord) => boolean,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const { store, self, clock, processes, waiting } = supervision;
  const deadlineMs = waiting.nowMs() + maxWaitMs;
  for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 2, maxPollMs)) {
    const service = await store.services.find(key);
    if (!service || isSuperseded(service)) return undefined;
    if (!service.lock || !processes.isAlive(service.lock.owner)) {
      const attempt = await store.services.tryLock(key, self, clock.nowMs(), (owner) => processes.isAlive(owner));
      if (attempt?.granted) break;
    } else if (waiting.nowMs() > deadlineMs) {
      throw new ServiceLockedError(key, service.lock, clock.nowMs());
    }
    await waiting.sleep(pollMs);
  }
  try {
    const service = await store.services.find(key);
    return service && isSuperseded(service) ? undefined : await work();
  } finally {
    // A turn that is not given back ends with this process.
    await noteInStore(store.services.unlock(key, self));
  }
}
