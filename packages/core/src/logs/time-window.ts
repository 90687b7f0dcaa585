import type { ByteRange } from './lines-backward.ts';
import type { RunLog, Stretch } from './run-log.ts';

/** From when to when, both included. */
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
 * The parts of a stretch that were printed within the window, in order, as the time index tells: what is outside is
 * never read. The clock may have jumped, so that there may be several.
 */
export function rangesWithin(log: RunLog, stretch: Stretch, window: TimeWindow): readonly ByteRange[] {
  if (!isBounded(window)) return [stretch];
  const times = log.timesOf(stretch);
  const ranges: ByteRange[] = [];
  for (const [index, { offset, atMs }] of times.entries()) {
    const from = Math.max(offset, stretch.from);
    const to = Math.min(times[index + 1]?.offset ?? stretch.to, stretch.to);
    if (from >= to || !isWithin(window, atMs)) continue;
    const last = ranges.at(-1);
    if (last?.to === from) ranges[ranges.length - 1] = { from: last.from, to };
    else ranges.push({ from, to });
  }
  return ranges;
}
