import { isCandleError } from '@candle/core/errors';
import type { ServiceKey, ServiceRecord } from '@candle/core/services';
import type { Supervision } from '../supervision.ts';
import { ServiceLockedError } from './errors.ts';

/**
 * A lock is held for as long as a stop takes, and the configuration can make that long. This limit is for hanging
 * processes.
 */
const maxWaitMs = 120_000;
const firstPollMs = 10;
const maxPollMs = 100;

/**
 * Runs `work` while holding the service lock, so that no other process works on the service. Calls `isSuperseded` while
 * it waits and again once it has the lock. If a newer request supersedes the work, returns undefined without running
 * it.
 * @throws ServiceLockedError if a live process holds the lock for more than two minutes
 */
export async function withServiceLock<T>(
  supervision: Supervision,
  key: ServiceKey,
  isSuperseded: (service: ServiceRecord) => boolean,
  work: (lock: { readonly hasWaited: boolean }) => Promise<T>,
): Promise<T | undefined> {
  const { store, self, clock, processes, waiting } = supervision;
  const deadlineMs = waiting.nowMs() + maxWaitMs;
  let hasWaited = false;
  let sinceMs: number;
  for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 2, maxPollMs)) {
    const service = await store.services.find(key);
    if (!service || isSuperseded(service)) return undefined;
    if (!service.lock || !processes.isAlive(service.lock.owner)) {
      sinceMs = clock.nowMs();
      const attempt = await store.services.tryLock(key, self, sinceMs, (owner) => processes.isAlive(owner));
      if (attempt?.granted) break;
    } else if (waiting.nowMs() > deadlineMs) {
      throw new ServiceLockedError(key, service.lock, clock.nowMs());
    }
    hasWaited = true;
    await waiting.sleep(pollMs);
  }
  try {
    const service = await store.services.find(key);
    return service && isSuperseded(service) ? undefined : await work({ hasWaited });
  } finally {
    await releaseLock(supervision, key, sinceMs);
  }
}

/** How often a process that lives on tries again to release a lock. */
const releaseEveryMs = 1_000;

/** If the database cannot be written now, tries again later. The lock also ends with this process. */
async function releaseLock(supervision: Supervision, key: ServiceKey, sinceMs: number): Promise<void> {
  const { store, self } = supervision;
  try {
    await store.services.unlock(key, self, sinceMs);
  } catch (error) {
    if (!isCandleError(error)) throw error;
    setTimeout(() => void releaseLock(supervision, key, sinceMs).catch(() => undefined), releaseEveryMs).unref();
  }
}
