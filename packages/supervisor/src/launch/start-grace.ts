import type { Run } from '@candle/core';
import type { Supervision } from '../supervision.ts';

/** A program that fails at once (a typing mistake, a missing module, a port in use) has ended by then. */
export const startGraceMs = 500;

/** Did this run, which is alive, get over the time in which a start fails? Whoever started it may have been killed meanwhile. */
export function isPastGrace({ clock }: Pick<Supervision, 'clock'>, run: Run): boolean {
  return run.confirmedAtMs !== null || clock.nowMs() - run.startedAtMs >= startGraceMs;
}
