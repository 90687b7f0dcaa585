import { closeSync, constants, existsSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { isOutputRead, type RunDir, spoolMark } from '../runs/run-record.ts';
import type { LogPosition } from './log-position.ts';
import { listSegments, readSegment, type Segment, segmentLength } from './segments.ts';

/** Whether the program printed nothing before this position. */
export function isBeginning({ epoch, offset }: LogPosition): boolean {
  return epoch === 0 && (offset === 0 || offset === spoolMark.length);
}

/**
 * How many bytes before the end of the copy are compared with the spool. Lines of a log are often alike, so fewer bytes
 * would not be enough; earlier bytes may already be punched out of the spool. A program that has reopened its output
 * once may keep it open, and then overwrites it far before its end.
 */
export function comparedBytes({ epoch }: Pick<LogPosition, 'epoch'>): number {
  return epoch === 0 ? 4096 : 256 * 1024;
}

/** Bytes at the beginning of an epoch that distinguish a truncated spool from one that was overwritten. */
const headBytes = 16;

/** The end of a copy, and what is known of the spool before it. */
export interface CopyEnd extends LogPosition {
  /** The bytes of the copy directly before the end. */
  readonly known: Buffer;
  /** The first bytes of the copy; empty if they are unknown. */
  readonly head: Buffer;
}

/** The end of what these segments contain; the beginning of a spool without a mark if there are none. */
export function findCopyEnd(segments: readonly Segment[]): CopyEnd {
  const last = segments.at(-1);
  const length = last && segmentLength(last);
  if (last === undefined || length === undefined) return noCopy;
  const { epoch } = last;
  const offset = last.offset + length;
  const known = copiedBytes(segments, Math.max(0, offset - comparedBytes({ epoch })), offset);
  const isKnownFromStart = known.length === offset;
  const head = isKnownFromStart ? known.subarray(0, headBytes) : copiedBytes(segments, 0, headBytes);
  return { epoch, offset, known, head: head.length === headBytes ? head : noCopy.head };
}

const noCopy: CopyEnd = { epoch: 0, offset: 0, known: Buffer.alloc(0), head: Buffer.alloc(0) };

/** The end of a copy after these bytes of the spool were copied to it, at its end or over earlier ones. */
export function extendCopy(end: CopyEnd, from: number, bytes: Buffer): CopyEnd {
  const begin = end.offset - end.known.length;
  const max = comparedBytes(end);
  if (from === end.offset && begin > 0) {
    const kept = end.known.subarray(Math.max(0, end.known.length + Math.min(bytes.length, max) - max));
    const known = Buffer.concat([kept, bytes.subarray(-max)]);
    return { ...end, offset: from + bytes.length, known };
  }
  const all = Buffer.alloc(Math.max(end.known.length, from + bytes.length - begin));
  end.known.copy(all);
  bytes.copy(all, Math.max(0, from - begin), Math.max(0, begin - from));
  const head = begin === 0 ? Buffer.from(all.subarray(0, headBytes)) : end.head;
  return { epoch: end.epoch, offset: begin + all.length, known: all.subarray(-max), head };
}

/** The empty copy with which an epoch begins that replaces all earlier output. */
export function beginCopy(epoch: number): CopyEnd {
  return { ...noCopy, epoch };
}

/** How a spool relates to its copy. */
export type SpoolState =
  | { readonly kind: 'continued'; readonly size: number }
  /**
   * The program truncated it, and all its content is new (`from` is 0), or it has written over these lines. The bytes from
   * `to` to the end of the copy are known.
   */
  | { readonly kind: 'rewritten'; readonly size: number; readonly from: number; readonly to: number };

/**
 * Checks whether the spool is still the one that was copied. If the program truncated it and then printed the same bytes
 * as before, that cannot be detected here.
 */
export function compareSpool(spoolFd: number, { offset, known, head }: CopyEnd): SpoolState {
  const { size } = fstatSync(spoolFd);
  const truncated = { kind: 'rewritten', size, from: 0, to: size } as const;
  if (size < offset) return truncated;
  const begin = offset - known.length;
  const now = readExactly(spoolFd, begin, known.length);
  if (now.equals(known)) return { kind: 'continued', size };
  if (now.length < known.length) return { ...truncated, size: begin + now.length, to: begin + now.length };
  if (begin > 0 && !hasHead(spoolFd, head)) return truncated;
  const { first, last } = differenceOf(now, known);
  const lineStart = first === 0 ? 0 : now.lastIndexOf(newline, first - 1) + 1;
  const lineEnd = now.indexOf(newline, last);
  return { kind: 'rewritten', size, from: begin + lineStart, to: lineEnd === -1 ? size : begin + lineEnd + 1 };
}

const newline = 0x0a;

/** Whether the spool begins as before, or its beginning was punched out, so that it was not truncated. */
function hasHead(spoolFd: number, head: Buffer): boolean {
  const now = readExactly(spoolFd, 0, headBytes);
  if (now.every((byte) => byte === 0)) return true;
  return head.length > 0 ? now.equals(head) : now.subarray(0, spoolMark.length).equals(spoolMark);
}

function differenceOf(one: Buffer, other: Buffer): { readonly first: number; readonly last: number } {
  let first = 0;
  let last = one.length - 1;
  while (one[first] === other[first]) first++;
  while (one[last] === other[last]) last--;
  return { first, last };
}

/** The newest copied bytes of a range of the spool, as many before `to` as are known. */
function copiedBytes(segments: readonly Segment[], from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  const isKnown = new Uint8Array(to - from);
  const fill = (offset: number, part: Buffer) => {
    for (let index = 0; index < part.length; index++) {
      const at = offset + index - from;
      if (at < 0 || at >= bytes.length || isKnown[at] === 1) continue;
      bytes[at] = part[index] ?? 0;
      isKnown[at] = 1;
    }
  };
  for (const segment of segments.toReversed()) {
    const begin = Math.max(from, segment.offset);
    if (begin < to) fill(begin, readSegment(segment, begin, to - begin));
    if (!isKnown.includes(0)) return bytes;
  }
  const [oldest] = segments;
  if (oldest?.epoch === 0 && oldest.offset === spoolMark.length) fill(0, spoolMark);
  return bytes.subarray(isKnown.lastIndexOf(0) + 1);
}

/**
 * Opens the spool of a run for more output, or the pipe that leads to it. A spool that was copied completely and removed is recreated with its old
 * length and with the bytes that identify it as the continuation of its copy.
 */
export function openSpoolToAppend(dir: RunDir): number {
  // The reader of a pipe is the only process that may write to the spool.
  if (isOutputRead(dir)) return openSync(dir.output, constants.O_RDWR);
  const flags = constants.O_APPEND | constants.O_WRONLY;
  const { offset, known } = findCopyEnd(listSegments(dir));
  if (offset === 0 || existsSync(dir.spool)) return openSync(dir.spool, flags | constants.O_CREAT, 0o600);
  const draft = `${dir.spool}.${process.pid}`;
  const fd = openSync(draft, 'w', 0o600);
  writeSync(fd, known, 0, known.length, offset - known.length);
  closeSync(fd);
  renameSync(draft, dir.spool);
  return openSync(dir.spool, flags);
}

function readExactly(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, at));
}
