import { safeText } from '../errors/quote.ts';
import type { Run } from '../runs/run.ts';
import { runDir } from '../runs/run-record.ts';
import { timeSlices } from '../system/time-slices.ts';
import { withError } from './error-excerpt.ts';
import { escapedShare, lastState } from './line-text.ts';
import { truncatedText } from './log-entry.ts';
import { decodeLine, type LogLine, maxLineBytes, newline } from './log-line.ts';
import { shortLineBytes } from './long-line.ts';
import { findGap, logStartOf, type OutputRange, RunLog, visibleRanges } from './run-log.ts';

/** Bytes per block when reading from the end. The requested lines are mostly in the first block. */
const blockSize = 64 * 1024;

/** A part of an output range, in bytes. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

interface BackwardOptions {
  /** The whole output range if omitted. */
  readonly range?: ByteRange | undefined;
  /** Longer lines are cut. */
  readonly maxBytes?: number | undefined;
}

/**
 * The lines that begin in a part of an output range, newest first. An output range begins and ends at line boundaries.
 * Stops early where output was evicted meanwhile. Also yields undefined after each block, so that the caller can pause within
 * a line.
 */
export function* linesBackward(
  log: RunLog,
  output: OutputRange,
  { range = output, maxBytes = maxLineBytes }: BackwardOptions = {},
): Generator<LogLine | undefined> {
  const { epoch } = output;
  if (range.to <= range.from) return;
  const last = yield* lineEndFrom(log, output, range.to - 1);
  const lowest = range.from > output.from ? range.from - 1 : output.from;
  let end = last.offset;
  let parts: Buffer[] = [];
  const line = (offset: number): LogLine => ({
    epoch,
    offset,
    endOffset: end,
    ...decodeLine(Buffer.concat(parts), maxBytes),
    isPartial: end === last.offset && !last.hasNewline,
  });
  for (let at = end; at > lowest; ) {
    const block = readWhole(log, epoch, Math.max(lowest, at - blockSize), at);
    if (block === undefined) return;
    at -= block.length;
    let upTo = block.length;
    for (let found = lastNewline(block, upTo - (at + upTo === end ? 2 : 1)); found !== -1; ) {
      parts.unshift(block.subarray(found + 1, upTo));
      yield line(at + found + 1);
      parts = [];
      upTo = found + 1;
      end = at + upTo;
      found = lastNewline(block, found - 1);
    }
    parts.unshift(block.subarray(0, upTo));
    dropEnd(parts, maxBytes);
    yield undefined;
  }
  // Otherwise the rest is the end of a line that begins before the range.
  if (range.from === output.from && end > lowest) yield line(lowest);
}

/** The end of the line that contains the byte at `offset`. Yields after each block. */
function* lineEndFrom(
  log: RunLog,
  { epoch, to }: OutputRange,
  offset: number,
): Generator<undefined, { offset: number; hasNewline: boolean }> {
  for (let at = offset; at < to; ) {
    const block = readWhole(log, epoch, at, Math.min(to, at + blockSize));
    if (block === undefined) break;
    const found = block.indexOf(newline);
    if (found !== -1) return { offset: at + found + 1, hasNewline: true };
    at += block.length;
    yield undefined;
  }
  return { offset: to, hasNewline: false };
}

/** Undefined if some of the bytes are no longer available. */
function readWhole(log: RunLog, epoch: number, from: number, to: number): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let offset = from; offset < to; ) {
    const part = log.read({ epoch, offset }, to - offset);
    if (part === undefined || part.length === 0) return undefined;
    parts.push(part);
    offset += part.length;
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

/** Node counts a negative offset from the end. */
function lastNewline(block: Buffer, from: number): number {
  return from < 0 ? -1 : block.lastIndexOf(newline, from);
}

/** Keeps only the beginning of a line that is too long. */
function dropEnd(parts: Buffer[], maxBytes: number): void {
  let length = parts.reduce((sum, part) => sum + part.length, 0);
  for (let last = parts.at(-1); last && length - last.length > maxBytes; last = parts.at(-1)) {
    parts.pop();
    length -= last.length;
  }
}

/** Java prints 1,024 frames of a StackOverflowError. */
const maxTraceLines = 1_500;

/** Some programs print half of their code when they fail; this is enough to recognize the line. Characters. */
const maxShown = 1_000;

/**
 * The last lines of a run for a message: oldest first, as plain text in their last state, long lines cut; empty if there are none.
 * If they are the end of a stack trace, the error, its own frames and its causes come first.
 */
export async function readLastLines(stateDir: string, run: Pick<Run, 'id' | 'logStart'>): Promise<readonly string[]> {
  const log = new RunLog(runDir(stateDir, run.id));
  const lines: string[] = [];
  try {
    const ranges = visibleRanges(log, logStartOf(run));
    for (const [index, range] of [...ranges.entries()].reverse()) {
      for (const line of linesBackward(log, range, { maxBytes: shortLineBytes })) {
        if (timeSlices().isOver()) await timeSlices().next();
        if (line === undefined) continue;
        if (lines.length === maxTraceLines) return withError(lines.reverse());
        lines.push(shownText(line));
      }
      const before = ranges[index - 1];
      const gap = before && findGap({ epoch: before.epoch, offset: before.to }, { ...range, offset: range.from });
      if (gap === 'truncated' && lines.length < maxTraceLines) lines.push(`--- ${truncatedText} ---`);
    }
    return withError(lines.reverse());
  } finally {
    log.close();
  }
}

/** The last line of a run that has text, as `readLastLines` returns it. */
export async function readLastLine(
  stateDir: string,
  run: Pick<Run, 'id' | 'logStart'>,
): Promise<{ readonly text: string; readonly isPartial: boolean } | undefined> {
  const log = new RunLog(runDir(stateDir, run.id));
  try {
    for (const range of visibleRanges(log, logStartOf(run)).toReversed()) {
      for (const line of linesBackward(log, range, { maxBytes: shortLineBytes })) {
        if (timeSlices().isOver()) await timeSlices().next();
        const text = line === undefined ? '' : shownText(line);
        if (line !== undefined && text.trim() !== '') return { text, isPartial: line.isPartial };
      }
    }
    return undefined;
  } finally {
    log.close();
  }
}

function shownText({ text }: LogLine): string {
  return shorten(safeText(lastState(text).slice(0, maxShown * escapedShare)));
}

function shorten(line: string): string {
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line;
}
