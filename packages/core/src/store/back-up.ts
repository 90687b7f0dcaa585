import type { Candle } from '../candle.ts';
import { isCandleError } from '../errors/candle-error.ts';
import { findLastCopyTime } from './last-copy.ts';

/** How old the copy of the database may become. Milliseconds. */
export const copyEveryMs = 24 * 60 * 60 * 1000;

/**
 * Copies the database when its last copy is older than a day, or there is none; true when it did. One that fails, for want of
 * room, is no error: it is tried again at the next call.
 */
export async function backUp({ store, stateDir, clock }: Candle): Promise<boolean> {
  const copiedAtMs = findLastCopyTime(stateDir);
  const ageMs = copiedAtMs === undefined ? undefined : clock.nowMs() - copiedAtMs;
  // A time of day that has jumped back must not put it off for long.
  if (ageMs !== undefined && ageMs < copyEveryMs && ageMs > -copyEveryMs) return false;
  try {
    await store.copy();
    return true;
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return false;
  }
}
