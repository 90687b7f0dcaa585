import { readFileSync } from 'node:fs';
import type { Segment } from './segments.ts';

/** When a stretch of output was read from the program: from `offset` on, up to the next record. */
export interface TimeRecord {
  /** Within the generation. */
  readonly offset: number;
  readonly atMs: number;
  /** Nobody was there to see it come: it is as old as this or older. */
  readonly isApproximate: boolean;
}

/** Three little-endian doubles: offset, milliseconds since 1970, 1 when approximate. */
export const timeRecordSize = 24;

export function encodeTimeRecord({ offset, atMs, isApproximate }: TimeRecord): Buffer {
  const record = Buffer.alloc(timeRecordSize);
  record.writeDoubleLE(offset, 0);
  record.writeDoubleLE(atMs, 8);
  record.writeDoubleLE(isApproximate ? 1 : 0, 16);
  return record;
}

/** A torn record at the end, left by a crash, is none. */
export function decodeTimeRecords(bytes: Buffer): readonly TimeRecord[] {
  const records: TimeRecord[] = [];
  for (let at = 0; at + timeRecordSize <= bytes.length; at += timeRecordSize) {
    records.push({
      offset: bytes.readDoubleLE(at),
      atMs: bytes.readDoubleLE(at + 8),
      isApproximate: bytes.readDoubleLE(at + 16) === 1,
    });
  }
  return records;
}

/** In the order of their offsets; empty when it is gone. */
export function readTimeIndex({ indexPath }: Segment): readonly TimeRecord[] {
  try {
    return decodeTimeRecords(readFileSync(indexPath));
  } catch {
    return [];
  }
}

/** The record that covers an offset. Offsets only grow, whatever the clock did. */
export function findTimeRecord(records: readonly TimeRecord[], offset: number): TimeRecord | undefined {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.offset ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return records[low - 1];
}
