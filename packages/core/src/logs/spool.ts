import { closeSync, constants, existsSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import type { RunDir } from '../runs/run-dir.ts';
import { listSegments, type Segment, segmentLength } from './segments.ts';

/**
 * Bytes before the end of the copy that are compared: so many, because lines of a log are often alike, and no more,
 * because those before them may be punched out of the spool.
 */
export const comparedBytes = 4096;

/** How a spool goes on after what was copied of it. */
export type SpoolState =
  | { readonly kind: 'continued'; readonly size: number }
  /** The program has truncated it: all that it holds now is new. */
  | { readonly kind: 'truncated'; readonly size: number };

/**
 * Is the spool still the one that was copied up to `end`? A truncated one is shorter, or, when much was printed since,
 * has other bytes before that place. One that was truncated and filled with the same bytes up to there cannot be told
 * from one that was not.
 */
export function compareSpool(spoolFd: number, end: { offset: number; segment: Segment | undefined }): SpoolState {
  const { size } = fstatSync(spoolFd);
  if (size < end.offset) return { kind: 'truncated', size };
  const { segment } = end;
  const length = Math.min(comparedBytes, end.offset - (segment?.offset ?? end.offset));
  if (segment === undefined || length <= 0) return { kind: 'continued', size };
  const at = end.offset - length;
  const isSame = readExactly(spoolFd, at, length).equals(readSegment(segment, at, length));
  return { kind: isSame ? 'continued' : 'truncated', size };
}

/**
 * Opens the spool of a run for more output. One that was copied whole and removed is made again as it was: as long, and
 * with the bytes by which it is known to go on where the copy ends.
 */
export function openSpoolToAppend(dir: RunDir): number {
  const flags = constants.O_APPEND | constants.O_WRONLY;
  const last = listSegments(dir).at(-1);
  const length = last && segmentLength(last);
  if (last === undefined || length === undefined || existsSync(dir.spool)) {
    return openSync(dir.spool, flags | constants.O_CREAT, 0o600);
  }
  const end = last.offset + length;
  const known = readSegment(last, end - Math.min(comparedBytes, length), Math.min(comparedBytes, length));
  const draft = `${dir.spool}.${process.pid}`;
  const fd = openSync(draft, 'w', 0o600);
  writeSync(fd, known, 0, known.length, end - known.length);
  closeSync(fd);
  renameSync(draft, dir.spool);
  return openSync(dir.spool, flags);
}

function readSegment(segment: Segment, offset: number, length: number): Buffer {
  const fd = openSync(segment.path, 'r');
  try {
    return readExactly(fd, offset - segment.offset, length);
  } finally {
    closeSync(fd);
  }
}

function readExactly(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, at));
}
