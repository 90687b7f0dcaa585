import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Segment } from './segments.ts';

/** Bytes before the end of the copy that are compared; the last ones that are punched out of a spool end before them. */
const comparedBytes = 64;

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
