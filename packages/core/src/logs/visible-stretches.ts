import { comparePositions, findPosition, type LogPosition } from './log-position.ts';
import type { RunLog, Stretch } from './run-log.ts';

/** What there is of a run's output from a place on (from its beginning without one), in order. */
export function visibleStretches(log: RunLog, start: LogPosition | undefined): readonly Stretch[] {
  if (start === undefined || comparePositions(start, log.end) > 0) return log.stretches;
  return log.stretches.flatMap((stretch) => {
    if (stretch.generation !== start.generation) return stretch.generation > start.generation ? [stretch] : [];
    return stretch.to > start.offset ? [{ ...stretch, from: Math.max(stretch.from, start.offset) }] : [];
  });
}

/** Where a run's output begins for readers, after `clear-logs`. */
export function logStartOf({ logStart }: { readonly logStart: string | null }): LogPosition | undefined {
  return logStart === null ? undefined : findPosition(logStart);
}
