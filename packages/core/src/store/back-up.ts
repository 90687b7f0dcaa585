import type { Candle } from '../candle.ts';
import { isCandleError } from '../errors/candle-error.ts';
import { findLastCopyTime } from './last-copy.ts';

/** The maximum age of the copy of the database. Milliseconds. */
export const copyEveryMs = 24 * 60 * 60 * 1000;

/**
 * Copies the database if its last copy is older than a day or missing; returns true if it did. A failure, for example on
 * a full disk, is not an error: the next call tries again.
 */
export async function backUp({ store, stateDir, clock }: Candle): Promise<boolean> {
  const copiedAtMs = findLastCopyTime(stateDir);
  const ageMs = copiedAtMs === undefined ? undefined : clock.nowMs() - copiedAtMs;
  // A clock that was set back must not delay the copy for long.
  if (ageMs !== undefined && ageMs < copyEveryMs && ageMs > -copyEveryMs) return false;
  try {
    await store.copy();
    return true;
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return false;
  }
}
