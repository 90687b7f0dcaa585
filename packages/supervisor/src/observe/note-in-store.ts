import { isCandleError } from '@candle/core';

/**
 * Waits for a note in the ledger that what has happened can do without: when the disk has become full, a service that
 * runs runs all the same, and what was not noted is observed anew.
 */
export async function noteInStore<T>(note: Promise<T>): Promise<T | undefined> {
  try {
    return await note;
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return undefined;
  }
}
