import type { ServiceKey, ServiceRecord } from '@candle/core';
import { tellLedger } from '../observe/tell-ledger.ts';
import type { Supervision } from '../supervision.ts';
import { TurnHeldError } from './errors.ts';

/** A turn lasts as long as a stop may take, which the configuration can make long; only one that hangs is given up on. */
const longestWaitMs = 120_000;
const firstPollMs = 10;
const longestPollMs = 100;

/**
 * Runs `work` while no other process works on the service. Before that, and once more when the turn is there, `isMoot`
 * is asked whether a newer request has made it superfluous; then nothing is done and the result is undefined.
 * @throws TurnHeldError when a living process keeps the turn for more than two minutes
 */
export async function inTurn<T>(
  supervision: Supervision,
  key: ServiceKey,
  isMoot: (service: ServiceRecord) => boolean,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const { store, self, clock, processes, waiting } = supervision;
  const untilMs = waiting.nowMs() + longestWaitMs;
  for (let pollMs = firstPollMs; ; pollMs = Math.min(pollMs * 2, longestPollMs)) {
    const service = await store.services.find(key);
    if (!service || isMoot(service)) return undefined;
    if (!service.turn || !processes.isAlive(service.turn.owner)) {
      const attempt = await store.services.tryTurn(key, self, clock.nowMs(), (owner) => processes.isAlive(owner));
      if (attempt?.granted) break;
    } else if (waiting.nowMs() > untilMs) {
      throw new TurnHeldError(key, service.turn, clock.nowMs());
    }
    await waiting.sleep(pollMs);
  }
  try {
    const service = await store.services.find(key);
    return service && isMoot(service) ? undefined : await work();
  } finally {
    // A turn that is not given back ends with this process.
    await tellLedger(store.services.endTurn(key, self));
  }
}
