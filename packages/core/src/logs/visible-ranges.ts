import { comparePositions, findPosition, type LogPosition } from './log-position.ts';
import type { OutputRange, RunLog } from './run-log.ts';

/** The existing output of a run from a position (or from its beginning), in order. */
export function visibleRanges(log: RunLog, start: LogPosition | undefined): readonly OutputRange[] {
  if (start === undefined || comparePositions(start, log.end) > 0) return log.ranges;
  return log.ranges.flatMap((range) => {
    if (range.epoch !== start.epoch) return range.epoch > start.epoch ? [range] : [];
    return range.to > start.offset ? [{ ...range, from: Math.max(range.from, start.offset) }] : [];
  });
}

/** Where a run's output begins for readers after `clear-logs`. */
export function logStartOf({ logStart }: { readonly logStart: string | null }): LogPosition | undefined {
  return logStart === null ? undefined : findPosition(logStart);
}
