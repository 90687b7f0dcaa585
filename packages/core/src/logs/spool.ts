import { closeSync, constants, existsSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import type { RunDir } from '../runs/run-dir.ts';
import { listSegments, type Segment, segmentLength } from './segments.ts';

/**
 * Bytes before the end of the copy that are compared. Lines of a log are often alike, so fewer bytes would not be enough;
 * earlier bytes may already be punched out of the spool.
 */
export const comparedBytes = 4096;

/** How a spool relates to its copy. */
export type SpoolState =
  | { readonly kind: 'continued'; readonly size: number }
  /** The program truncated it: all its current content is new. */
  | { readonly kind: 'truncated'; readonly size: number };

/**
 * Checks whether the spool is still the one that was copied up to `end`. A truncated spool is shorter, or, if much was
 * printed since, has other bytes before that position. If it was filled with the same bytes up to that position, the
 * truncation cannot be detected.
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
 * Opens the spool of a run for more output. A spool that was copied completely and removed is recreated with its old
 * length and with the bytes that identify it as the continuation of its copy.
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
