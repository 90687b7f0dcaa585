import type { ByteRange } from './lines-backward.ts';
import type { OutputRange, RunLog } from './run-log.ts';

/** A time range that includes both ends. */
export interface TimeWindow {
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

export function isBounded({ sinceMs, untilMs }: TimeWindow): boolean {
  return sinceMs !== undefined || untilMs !== undefined;
}

export function isWithin({ sinceMs = -Infinity, untilMs = Infinity }: TimeWindow, atMs: number): boolean {
  return sinceMs <= atMs && atMs <= untilMs;
}

/**
 * The parts of a range that were printed within the window according to the time index, in order. Output outside the
 * window is never read. There may be several parts, because the clock may have jumped.
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
