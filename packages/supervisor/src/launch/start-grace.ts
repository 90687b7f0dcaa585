import type { Run } from '@candle/core';
import type { Supervision } from '../supervision.ts';

/** A program that fails immediately (a typo, a missing module, a port in use) has exited by then. */
export const startGraceMs = 500;

/**
 * Whether a live run has survived the time in which a start usually fails. Does not rely on `confirmedAtMs` alone,
 * because the command that started it may have been killed.
 */
export function isPastGrace({ clock }: Pick<Supervision, 'clock'>, run: Run): boolean {
  return run.confirmedAtMs !== null || clock.nowMs() - run.startedAtMs >= startGraceMs;
}
