import { safeText } from '../errors/quote.ts';
import type { Run } from '../runs/run.ts';
import { timeSlices } from '../system/time-slices.ts';
import type { LinePattern } from './line-pattern.ts';
import { escapedShare, lastState } from './line-text.ts';
import { type ByteRange, linesBackward } from './lines-backward.ts';
import { type LogEntry, lineEntry } from './log-entry.ts';
import { isLong, LineSplitter, type LogLine } from './log-line.ts';
import { comparePositions, type LogPosition, logBeginning } from './log-position.ts';
import { findLastState, matchesLongLine, shortLineBytes, showLongLine } from './long-line.ts';
import { findGap, logStartOf, type OutputRange, type RunLog, visibleRanges } from './run-log.ts';

/** Which lines to read. */
export interface LineQuery extends TimeWindow {
  readonly pattern?: LinePattern | undefined;
  /** Longer lines are cut to this many characters. If set, all lines are plain text in their last state. */
  readonly maxTextLength?: number | undefined;
  /** Ends the reading with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

interface ReadLines {
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
  readonly lines: number;
  /** The position after the last byte that was read. */
  readonly end: LogPosition;
  /** Whether all existing output of the run was read. */
  readonly isWhole: boolean;
}

const blockSize = 256 * 1024;

/** Reads the last matching lines of a run, at most `count`. */
export async function readTail(log: RunLog, run: Run, query: LineQuery, count: number): Promise<ReadLines> {
  const start = logStartOf(run);
  const ranges = visibleRanges(log, start);
  const newestFirst: LogEntry[] = [];
  let lines = 0;
  const { end } = log;
  const done = (isWhole: boolean) => ({ entries: newestFirst.reverse(), lines, end, isWhole });
  for (const [index, output] of [...ranges.entries()].reverse()) {
    const mark = markBefore(log, run, output, ranges[index - 1] ?? start ?? logBeginning);
    for (const range of rangesWithin(log, output, query).toReversed()) {
      for (const line of linesBackward(log, output, { range, maxBytes: maxBytesOf(query) })) {
        if (timeSlices().isOver(line && charactersIn(line, query.pattern))) await nextSlice(query);
        if (line === undefined) continue;
        const shown = mustReadAgain(line, query) ? await readAgain(log, line, query) : showLine(line, query);
        if (shown === undefined) continue;
        newestFirst.push(lineEntry(run.id, shown, log.timeAt(line)));
        lines++;
        const isFront = index === 0 && line.offset === output.from;
        if (lines >= count && !isFront) return done(false);
      }
    }
    if (mark && isMarkWanted(mark, query)) newestFirst.push(mark);
  }
  return done(true);
}

/** Reads the first matching lines of a run from a position, at most `count`. */
export async function readForward(
  log: RunLog,
  run: Run,
  from: LogPosition,
  query: LineQuery,
  count: number,
): Promise<ReadLines> {
  const cleared = logStartOf(run);
  const start = cleared && comparePositions(cleared, from) > 0 ? cleared : from;
  const ranges = visibleRanges(log, start);
  if (count <= 0) return { entries: [], lines: 0, end: start, isWhole: false };
  const last = comparePositions(log.end, start) > 0 ? log.end : start;
  const entries: LogEntry[] = [];
  const splitter = new LineSplitter(maxBytesOf(query));
  let lines = 0;
  const take = (line: LogLine, shown: LogLine | undefined): boolean => {
    const time = log.timeAt(line);
    if (shown && isWithin(query, time?.atMs ?? Infinity)) {
      entries.push(lineEntry(run.id, shown, time));
      lines++;
    }
    return lines < count;
  };
  const show = (line: LogLine) => (mustReadAgain(line, query) ? readAgain(log, line, query) : showLine(line, query));
  const stopped = ({ epoch, endOffset }: LogLine): ReadLines => {
    const end = { epoch, offset: endOffset };
    return { entries, lines, end, isWhole: comparePositions(end, last) >= 0 };
  };
  for (const [index, range] of ranges.entries()) {
    const mark = markBefore(log, run, range, ranges[index - 1] ?? start);
    if (mark && isMarkWanted(mark, query)) entries.push(mark);
    for (let at = range.from; at < range.to; ) {
      if (timeSlices().isOver()) await nextSlice(query);
      const position = { epoch: range.epoch, offset: at };
      const bytes = log.read(position, Math.min(blockSize, range.to - at));
      if (bytes === undefined || bytes.length === 0) {
        const rest = splitter.takeRest();
        if (rest && !take(rest, await show(rest))) return stopped(rest);
        at = afterEviction(log, range, at);
        if (at < range.to && query.pattern === undefined) entries.push({ kind: 'evicted', runId: run.id });
        continue;
      }
      for (const line of splitter.add(position, bytes)) {
        if (timeSlices().isOver(charactersIn(line, query.pattern))) await nextSlice(query);
        const shown = mustReadAgain(line, query) ? await readAgain(log, line, query) : showLine(line, query);
        if (!take(line, shown)) return stopped(line);
      }
      at += bytes.length;
    }
    const rest = splitter.takeRest();
    if (rest && !take(rest, await show(rest))) return stopped(rest);
  }
  return { entries, lines, end: last, isWhole: true };
}

/** For `isOver`. Undefined for an expression, for which a line may take as long as a time slice. */
function charactersIn({ text }: LogLine, pattern: LinePattern | undefined): number | undefined {
  return pattern !== undefined && pattern.plain === undefined ? undefined : text.length;
}

async function nextSlice({ signal }: LineQuery): Promise<void> {
  await timeSlices().next();
  signal?.throwIfAborted();
}

/** Where a range continues after a part of it was evicted during the read. */
function afterEviction(log: RunLog, { epoch, to }: OutputRange, offset: number): number {
  log.refresh();
  const left = log.ranges.find((range) => range.epoch === epoch && range.from > offset);
  return Math.min(left?.from ?? to, to);
}

/** What happened between a position, or the previous range, and the range that follows it. */
function markBefore(
  log: RunLog,
  run: Run,
  { epoch, from: offset }: OutputRange,
  before: OutputRange | LogPosition,
): LogEntry | undefined {
  const isFirst = 'offset' in before;
  const gap = findGap(isFirst ? before : { epoch: before.epoch, offset: before.to }, { epoch, offset });
  // Nothing is known about an epoch that is gone, except that it existed.
  const isAfterGone = isFirst && epoch > before.epoch && (offset > 0 || comparePositions(before, logBeginning) === 0);
  if (gap === 'evicted' || isAfterGone) return { kind: 'evicted', runId: run.id };
  return gap && { kind: gap, runId: run.id, atMs: log.timeAt({ epoch, offset })?.atMs ?? null };
}

/** A reader that cuts lines keeps only the beginning of a long one, and reads it again where it needs the rest. */
function maxBytesOf({ maxTextLength }: LineQuery): number | undefined {
  return maxTextLength === undefined ? undefined : shortLineBytes;
}

function mustReadAgain(line: LogLine, query: LineQuery): boolean {
  return isLong(line, maxBytesOf(query));
}

/** The line as the reader gets it; undefined if it does not match. */
function showLine(line: LogLine, { pattern, maxTextLength }: LineQuery): LogLine | undefined {
  return pattern === undefined || pattern.matches(line.text) ? cutLine(line, maxTextLength) : undefined;
}

async function readAgain(log: RunLog, line: LogLine, query: LineQuery): Promise<LogLine | undefined> {
  const { pattern, maxTextLength, signal } = query;
  if (maxTextLength === undefined) return showLongLine(log, line, query);
  if (pattern && !(await matchesLongLine(log, line, pattern, signal))) return undefined;
  const { text, length } = await findLastState(log, line, { max: maxTextLength * escapedShare, signal });
  return cutLine({ ...line, text }, maxTextLength, length);
}

/** Marks never match a pattern, and a mark without a time is outside every time window. */
export function isMarkWanted(mark: LogEntry, query: LineQuery): boolean {
  if (query.pattern !== undefined) return false;
  const atMs = mark.kind === 'evicted' ? null : mark.atMs;
  return atMs === null ? !isBounded(query) : isWithin(query, atMs);
}

/** A time range that includes both ends. */
interface TimeWindow {
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

function isBounded({ sinceMs, untilMs }: TimeWindow): boolean {
  return sinceMs !== undefined || untilMs !== undefined;
}

function isWithin({ sinceMs = -Infinity, untilMs = Infinity }: TimeWindow, atMs: number): boolean {
  return sinceMs <= atMs && atMs <= untilMs;
}

/**
 * The parts of a range that were printed within the window according to the time index, in order. Output outside the
 * window is never read. There may be several parts, because the clock may have jumped.
 */
function rangesWithin(log: RunLog, range: OutputRange, window: TimeWindow): readonly ByteRange[] {
  if (!isBounded(window)) return [range];
  const times = log.timesOf(range);
  const ranges: ByteRange[] = [];
  for (const [index, { offset, atMs }] of times.entries()) {
    const from = Math.max(offset, range.from);
    const to = Math.min(times[index + 1]?.offset ?? range.to, range.to);
    if (from >= to || !isWithin(window, atMs)) continue;
    const last = ranges.at(-1);
    if (last?.to === from) ranges[ranges.length - 1] = { from: last.from, to };
    else ranges.push({ from, to });
  }
  return ranges;
}

interface CutText {
  readonly text: string;
  /** 0 if the text is complete. */
  readonly cutCharacters: number;
}

/**
 * The line as plain text in its last state, cut to the maximum length, with a note on how much is missing.
 * @param characters how many characters the last state has
 */
export function cutLine<Line extends LogLine>(
  line: Line,
  maxTextLength: number | undefined,
  characters?: number,
): Line {
  if (maxTextLength === undefined) return line;
  const state = lastState(line.text);
  const beginning = state.slice(0, maxTextLength * escapedShare);
  const more = Math.max(0, (characters ?? state.length) - beginning.length);
  const { text, cutCharacters } = cutText(safeText(beginning), maxTextLength, more);
  return cutCharacters === 0 ? { ...line, text } : { ...line, text, cutCharacters };
}

/**
 * Cuts a text that is too long, with a note on how much is missing.
 * @param more the number of characters after the text that the caller has already cut
 */
export function cutText(text: string, max: number, more = 0): CutText {
  if (text.length <= max && more === 0) return { text, cutCharacters: 0 };
  const last = Math.min(max, text.length);
  const end = isHighSurrogate(text.charCodeAt(last - 1)) ? last - 1 : last;
  const cutCharacters = text.length - end + more;
  // Copy through a buffer: a slice would keep the whole text in memory, which may be 64 MiB.
  const kept = Buffer.from(text.slice(0, end)).toString();
  return { text: `${kept}… [${cutCharacters} more characters]`, cutCharacters };
}

/** The first half of a surrogate pair, which must not be separated from the second half. */
function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
