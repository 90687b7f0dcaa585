import type { ByteRange } from './lines-backward.ts';
import type { OutputRange, RunLog } from './run-log.ts';

/** From when to when, both included. */
export interface TimeWindow {
  readonly sinceMs?: number | undefined;
  readonly deadlineMs?: number | undefined;
}

export function isBounded({ sinceMs, deadlineMs }: TimeWindow): boolean {
  return sinceMs !== undefined || deadlineMs !== undefined;
}

export function isWithin({ sinceMs = -Infinity, deadlineMs = Infinity }: TimeWindow, atMs: number): boolean {
  return sinceMs <= atMs && atMs <= deadlineMs;
}

/**
 * The parts of a stretch that were printed within the window, in order, as the time index tells: what is outside is
 * never read. The clock may have jumped, so that there may be several.
 */
export function rangesWithin(log: RunLog, range: OutputRange, window: TimeWindow): readonly ByteRange[] {
  if (!isBounded(window)) return [range];
  const times = log.timesOf(range);
  const ranges: ByteRange[] = [];
  for (const [index, { offset, atMs }] of times.entries()) {
    const from = Math.max(offset, range.from);
    const to = Math.min(times[index + 1]?.offset ?? range.to, range.to);
    if (from >= to || !isWithin(window, atMs)) continue;
    const last = ranges.at(-1);
    if (last?.to === from) ranges[ranges.length - 1] = { from: last.from, to };
    else ranges.push({ from, to });
  }
  return ranges;
}
