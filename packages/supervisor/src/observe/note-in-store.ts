import { isCandleError } from '@candle/core';

/**
 * Waits for an optional write to the database and ignores its failure. If the disk is full, a running service keeps
 * running, and the missing information is observed again later.
 */
export async function noteInStore<T>(note: Promise<T>): Promise<T | undefined> {
  try {
    return await note;
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return undefined;
  }
}
