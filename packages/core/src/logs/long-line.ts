import { StringDecoder } from 'node:string_decoder';
import { timeSlices } from '../system/time-slices.ts';
import type { LinePattern } from './line-pattern.ts';
import { hasText } from './line-text.ts';
import type { LogLine } from './log-line.ts';
import { MessageSearch } from './message-search.ts';
import type { RunLog } from './run-log.ts';

/**
 * Decoding and searching this much takes a few milliseconds. An expression searches no more of a line, and nothing shows more
 * of a line that is cut.
 */
export const shortLineBytes = 256 * 1024;

/**
 * A line of which only the beginning was kept, with a note on how much is missing; undefined if it does not match. Reads the
 * line again, so that a search finds what was not kept.
 */
export async function showLongLine<Line extends LogLine>(
  log: RunLog,
  line: Line,
  { pattern, signal }: { readonly pattern?: LinePattern | undefined; readonly signal?: AbortSignal | undefined },
): Promise<Line | undefined> {
  if (pattern && !(await matchesLongLine(log, line, pattern, signal))) return undefined;
  const keptLength = line.text.length - '…'.length;
  const cutCharacters = (await countCharacters(log, line, signal)) - keptLength;
  return { ...line, text: `${line.text} [${cutCharacters} more characters]`, cutCharacters };
}

/** Yields the bytes of a line in blocks, pausing for other work of the process. Ends early if the output is evicted. */
async function* blocksOf(log: RunLog, { epoch, offset, endOffset }: LogLine): AsyncGenerator<Buffer> {
  for (let at = offset; at < endOffset; ) {
    if (timeSlices().isOver()) await timeSlices().next();
    const bytes = log.read({ epoch, offset: at }, Math.min(shortLineBytes, endOffset - at));
    if (bytes === undefined || bytes.length === 0) return;
    yield bytes;
    at += bytes.length;
  }
}

/** Whether a long line matches. Reads it again, because it may be too long to be kept in memory and searched in one step. */
export async function matchesLongLine(
  log: RunLog,
  line: LogLine,
  pattern: LinePattern,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  // An expression searches only the beginning.
  if (pattern.plain === undefined) return pattern.matches(line.text);
  const search = new MessageSearch(pattern, signal);
  for await (const bytes of blocksOf(log, line)) {
    if ((await search.add(bytes)) !== undefined) return true;
    signal?.throwIfAborted();
  }
  return search.checkRest() !== undefined;
}

/**
 * The last state of a long line, which may be far from its beginning, without the end of the line: its first `max` characters,
 * and how many it has.
 */
export async function findLastState(
  log: RunLog,
  line: LogLine,
  { max, signal }: { max: number; signal: AbortSignal | undefined },
): Promise<{ readonly text: string; readonly length: number }> {
  const decoder = new StringDecoder('utf8');
  let current: LineState = { text: '', length: 0, isShown: false };
  let found: LineState | undefined;
  for await (const bytes of blocksOf(log, line)) {
    signal?.throwIfAborted();
    const parts = decoder.write(bytes).replace(/\n$/, '').split('\r');
    for (const [at, part] of parts.entries()) {
      if (at > 0) {
        // Like in a short line, the first state counts if none shows anything.
        if (current.isShown || found === undefined) found = current;
        current = { text: '', length: 0, isShown: false };
      }
      const isShown = current.isShown || hasText(part);
      current = { text: (current.text + part).slice(0, max), length: current.length + part.length, isShown };
    }
  }
  return current.isShown || found === undefined ? current : found;
}

/** The number of characters of a long line, without the end of the line. */
async function countCharacters(log: RunLog, line: LogLine, signal: AbortSignal | undefined): Promise<number> {
  const decoder = new StringDecoder('utf8');
  let [count, last] = [0, ''];
  for await (const bytes of blocksOf(log, line)) {
    signal?.throwIfAborted();
    const text = decoder.write(bytes);
    count += text.length;
    last = (last + text.slice(-2)).slice(-2);
  }
  return count - (/\r?\n$|\r$/.exec(last)?.[0].length ?? 0);
}

interface LineState {
  readonly text: string;
  readonly length: number;
  readonly isShown: boolean;
}
