import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDir } from '../runs/run-record.ts';
import { throwIfOutOfFiles } from '../system/write-problem.ts';
import { comparePositions, findPosition, type LogPosition, positionText } from './log-position.ts';

/** A range of a run's output on disk: a file with only the program's bytes, and its time index. */
export interface Segment extends LogPosition {
  readonly path: string;
  readonly indexPath: string;
}

/** The files are named after the position of their first byte. */
export function segmentAt(dir: RunDir, position: LogPosition): Segment {
  const name = positionText(position);
  return { ...position, path: join(dir.log, `${name}.seg`), indexPath: join(dir.log, `${name}.idx`) };
}

/** Lists segments in order; empty if nothing was copied yet or the run's directory no longer exists. */
export function listSegments(dir: RunDir): readonly Segment[] {
  let names: string[];
  try {
    names = readdirSync(dir.log);
  } catch (error) {
    throwIfOutOfFiles(error);
    return [];
  }
  return names
    .flatMap((name) => (name.endsWith('.seg') ? (findPosition(name.slice(0, -'.seg'.length)) ?? []) : []))
    .sort(comparePositions)
    .map((position) => segmentAt(dir, position));
}

/** The length in bytes; undefined if the segment was evicted. */
export function segmentLength({ path }: Segment): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

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

/** Reads bytes of a segment, fewer at its end. @throws if the segment was evicted */
export function readSegment(segment: Segment, offset: number, length: number): Buffer {
  const fd = openSync(segment.path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(fd, bytes, 0, length, offset - segment.offset));
  } finally {
    closeSync(fd);
  }
}
