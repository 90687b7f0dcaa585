import type { LogLimits, LogPosition } from '@candle/core';

export interface StoredSegment extends LogPosition {
  readonly path: string;
  readonly bytes: number;
  readonly lastWrittenAtMs: number;
  /** Readers begin behind it: `clear-logs`. */
  readonly isCleared: boolean;
  /** The newest of a run tells how far its output was copied, so it stays for as long as that goes on. */
  readonly isInUse: boolean;
}

/** Which segments of a service go, given all of them, oldest first. Pure. */
export function segmentsToEvict(
  segments: readonly StoredSegment[],
  { maxBytes, maxAgeMs }: LogLimits,
  nowMs: number,
): readonly StoredSegment[] {
  let total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  return segments.filter((segment) => {
    if (segment.isInUse) return false;
    const goes = segment.isCleared || total > maxBytes || segment.lastWrittenAtMs < nowMs - maxAgeMs;
    if (goes) total -= segment.bytes;
    return goes;
  });
}
