import { readFileSync } from 'node:fs';
import type { Segment } from './segments.ts';

/** When a range of output was read from the program: from `offset` up to the next record. */
export interface TimeRecord {
  /** The offset within the epoch. */
  readonly offset: number;
  readonly atMs: number;
  /** The output was not copied as it arrived: it was printed at `atMs` or earlier. */
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

/** Ignores a torn record at the end, which a crash can leave behind. */
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

/** The records in order of offset; empty if the file is missing. */
export function readTimeIndex({ indexPath }: Segment): readonly TimeRecord[] {
  try {
    return decodeTimeRecords(readFileSync(indexPath));
  } catch {
    return [];
  }
}

/** Finds the record for an offset by binary search: offsets only grow, even if the clock jumps. */
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
