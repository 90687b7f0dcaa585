import type { LogLimits, LogPosition } from '@candle/core';

export interface StoredSegment extends LogPosition {
  readonly path: string;
  readonly bytes: number;
  readonly lastWrittenAtMs: number;
  /** Readers begin after it, because of `clear-logs`. */
  readonly isCleared: boolean;
  /** The newest segment of a run marks how far its output was copied, so it is kept while the copy continues. */
  readonly isInUse: boolean;
}

/** Which segments of a service to evict, given all of them, oldest first. Pure. */
export function segmentsToEvict(
  segments: readonly StoredSegment[],
  { maxBytes, maxAgeMs }: LogLimits,
  nowMs: number,
): readonly StoredSegment[] {
  let total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  return segments.filter((segment) => {
    if (segment.isInUse) return false;
    const isEvicted = segment.isCleared || total > maxBytes || segment.lastWrittenAtMs < nowMs - maxAgeMs;
    if (isEvicted) total -= segment.bytes;
    return isEvicted;
  });
}
