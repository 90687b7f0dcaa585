import type { Candle } from '../candle.ts';
import { isShimAlive, runDir } from '../runs/run-dir.ts';
import { followOutput, type OutputChunk } from './follow-output.ts';
import { withIdleGaps } from './idle-gaps.ts';
import { type LinePattern, stripLine } from './line-pattern.ts';
import { type IncomingLine, LineSplitter } from './line-splitter.ts';
import { type LogEntry, lineEntry } from './log-entry.ts';
import { comparePositions, type LogPosition, logBeginning } from './log-position.ts';
import { RunLog } from './run-log.ts';

export interface FollowRunOptions {
  /** The beginning of the output if omitted. */
  readonly from?: LogPosition | undefined;
  /** Whether the run prints nothing more. If omitted, this is when its main program has ended. */
  readonly isOver?: (() => boolean) | undefined;
  readonly pattern?: LinePattern | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Follows the lines of a run, with marks for what happens to the output. A line without a newline is shown after an idle
 * gap, and what is printed of it later is its continuation. Returns the position where it ended.
 */
export async function* followRun(
  { stateDir, clock }: Pick<Candle, 'stateDir' | 'clock'>,
  runId: string,
  options: FollowRunOptions = {},
): AsyncGenerator<readonly LogEntry[], LogPosition> {
  const dir = runDir(stateDir, runId);
  const { from = logBeginning, isOver = () => !isShimAlive(dir), pattern } = options;
  const ending = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal;
  const log = new RunLog(dir);
  const chunks = followOutput(log, { from, isOver, signal });
  const lines = new EntryLines(log, { runId, from, pattern, nowMs: () => clock.nowMs() });
  try {
    for await (const chunk of withIdleGaps(chunks, () => lines.hasRest)) {
      const entries = chunk === undefined ? lines.soFar() : lines.of(chunk);
      if (entries.length > 0) yield entries;
    }
    const rest = lines.rest();
    if (rest.length > 0) yield rest;
    return lines.at;
  } finally {
    ending.abort();
    await chunks.return(undefined);
    log.close();
  }
}

interface EntryOptions {
  readonly runId: string;
  readonly from: LogPosition;
  readonly pattern: LinePattern | undefined;
  readonly nowMs: () => number;
}

/** Turns the output of one run into entries. */
class EntryLines {
  at: LogPosition;
  readonly #log: RunLog;
  readonly #options: EntryOptions;
  readonly #splitter = new LineSplitter();
  /** Whether the beginning of the current line was already shown. */
  #isShown = false;
  #isFresh = false;

  constructor(log: RunLog, options: EntryOptions) {
    this.#log = log;
    this.#options = options;
    this.at = options.from;
  }

  get hasRest(): boolean {
    return this.#splitter.hasRest;
  }

  of({ position, bytes, isFresh }: OutputChunk): readonly LogEntry[] {
    const entries: LogEntry[] = [];
    if (comparePositions(position, this.at) !== 0) entries.push(...this.rest(), ...this.#jump(position));
    this.#isFresh = isFresh;
    for (const line of this.#splitter.add(position, bytes)) if (this.#isWanted(line)) entries.push(this.#entry(line));
    this.at = { ...position, offset: position.offset + bytes.length };
    return entries;
  }

  /** The unfinished line so far. With a pattern, it is held back until it matches. */
  soFar(): readonly LogEntry[] {
    const { pattern } = this.#options;
    if (pattern && !this.#isShown && !pattern.matches(stripLine(this.#splitter.peek()))) return [];
    const line = this.#splitter.takeSoFar();
    if (line === undefined) return [];
    this.#isShown = true;
    return [this.#entry(line)];
  }

  rest(): readonly LogEntry[] {
    const line = this.#splitter.takeRest();
    return line && this.#isWanted(line) ? [this.#entry(line)] : [];
  }

  #isWanted({ text, isContinuation }: IncomingLine): boolean {
    const { pattern } = this.#options;
    const isWanted = pattern === undefined || (isContinuation && this.#isShown) || pattern.matches(stripLine(text));
    this.#isShown = false;
    return isWanted;
  }

  #jump({ epoch, offset }: LogPosition): readonly LogEntry[] {
    const { runId, pattern } = this.#options;
    if (pattern) return [];
    const isEvicted = epoch === this.at.epoch && offset > this.at.offset;
    return [isEvicted ? { kind: 'evicted', runId } : { kind: 'truncated', runId, atMs: this.#options.nowMs() }];
  }

  #entry(line: IncomingLine): LogEntry {
    const { runId, nowMs } = this.#options;
    const time = this.#isFresh ? { atMs: nowMs(), isApproximate: false } : this.#log.timeAt(line);
    return lineEntry(runId, line, time);
  }
}
