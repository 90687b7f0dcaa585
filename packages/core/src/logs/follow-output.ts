import type { Candle } from '../candle.ts';
import { hasPrintedAll, runDir } from '../runs/run-record.ts';
import { timeSlices } from '../system/time-slices.ts';
import type { LinePattern } from './line-pattern.ts';
import { type LogEntry, lineEntry } from './log-entry.ts';
import { type IncomingLine, isLong, LineSplitter } from './log-line.ts';
import { comparePositions, type LogPosition, logBeginning } from './log-position.ts';
import { showLongLine } from './long-line.ts';
import { GrowthWatch, withIdleGaps } from './output-watch.ts';
import { findGap, RunLog } from './run-log.ts';

/**
 * A chunk of new output. It follows the previous chunk directly, unless the bytes between them are gone. Empty if nothing has
 * been printed since the program truncated its output.
 */
export interface OutputChunk {
  readonly position: LogPosition;
  readonly bytes: Buffer;
  /** It was printed after following began, so its time is now. */
  readonly isFresh: boolean;
}

export interface FollowOptions {
  readonly from: LogPosition;
  /** Called before each read. Once it returns true, the remaining output is read without waiting for more. */
  readonly isOver: () => boolean;
  readonly signal?: AbortSignal | undefined;
}

const blockSize = 256 * 1024;

/** How often to check for the end of the run, which does not make a file grow. Milliseconds. */
const overPollMs = 50;

/**
 * Follows the output of a run from a position, byte for byte. It works with or without another process that copies the
 * output, frees what was copied, evicts segments or begins a new epoch meanwhile.
 */
export async function* followOutput(log: RunLog, { from, isOver, signal }: FollowOptions): AsyncGenerator<OutputChunk> {
  const watch = new GrowthWatch(log.dir.spool);
  const wake = () => watch.wake();
  const clock = setInterval(() => {
    if (isOver()) wake();
  }, overPollMs);
  signal?.addEventListener('abort', wake);
  try {
    let at = from;
    for (let isFresh = false; !signal?.aborted; isFresh = true) {
      const isLast = isOver();
      log.refresh();
      let hasGrown = false;
      for (; !signal?.aborted; ) {
        if (timeSlices().isOver()) await timeSlices().next();
        const { epoch } = at;
        at = nextPosition(log, at, { isLast });
        const bytes = log.read(at, blockSize);
        // A run that printed nothing has no output any more once it has ended.
        hasGrown ||= bytes === undefined ? log.ranges.length > 0 : bytes.length > 0;
        if (bytes !== undefined && (bytes.length > 0 || at.epoch !== epoch)) yield { position: at, bytes, isFresh };
        if (bytes === undefined || bytes.length === 0) break;
        at = { ...at, offset: at.offset + bytes.length };
      }
      if (isLast && !hasGrown) return;
      await watch.wait(hasGrown);
    }
  } finally {
    clearInterval(clock);
    signal?.removeEventListener('abort', wake);
    watch.close();
  }
}

/**
 * The position itself if there is output after it; otherwise where the output continues. A spool that is empty now may have the
 * same bytes as before when it is copied, and then no epoch begins.
 */
function nextPosition(log: RunLog, at: LogPosition, { isLast }: { isLast: boolean }): LogPosition {
  const ranges = log.ranges.filter(({ epoch, from, to }) => from < to || epoch <= log.copiedEpoch || isLast);
  if (ranges.some(({ epoch, from, to }) => epoch === at.epoch && from <= at.offset && at.offset < to)) return at;
  const later = ranges
    .map(({ epoch, from: offset }) => ({ epoch, offset }))
    .find((position) => comparePositions(position, at) > 0);
  return later ?? at;
}

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
  const { from = logBeginning, isOver = () => hasPrintedAll(dir), pattern } = options;
  const ending = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal;
  const log = new RunLog(dir);
  const chunks = followOutput(log, { from, isOver, signal });
  const lines = new EntryLines(log, { runId, from, pattern, nowMs: () => clock.nowMs() });
  try {
    for await (const chunk of withIdleGaps(chunks, () => lines.hasRest)) {
      const entries = chunk === undefined ? lines.soFar() : await lines.of(chunk);
      if (entries.length > 0) yield entries;
    }
    const rest = await lines.rest();
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

  async of({ position, bytes, isFresh }: OutputChunk): Promise<readonly LogEntry[]> {
    const entries: LogEntry[] = [];
    if (comparePositions(position, this.at) !== 0) entries.push(...(await this.rest()), ...this.#jump(position));
    this.#isFresh = isFresh;
    for (const line of this.#splitter.add(position, bytes)) {
      if (timeSlices().isOver()) await timeSlices().next();
      entries.push(...(await this.#show(line)));
    }
    this.at = { ...position, offset: position.offset + bytes.length };
    return entries;
  }

  /** The unfinished line so far. With a pattern, it is held back until it matches. */
  soFar(): readonly LogEntry[] {
    const { pattern } = this.#options;
    if (pattern && !this.#isShown && !pattern.matches(this.#splitter.peek())) return [];
    const line = this.#splitter.takeSoFar();
    if (line === undefined) return [];
    this.#isShown = true;
    return [this.#entry(line)];
  }

  async rest(): Promise<readonly LogEntry[]> {
    const line = this.#splitter.takeRest();
    return line ? this.#show(line) : [];
  }

  /** A line that is not shown unless it matches, or unless its beginning was shown. */
  async #show(line: IncomingLine): Promise<readonly LogEntry[]> {
    const pattern = line.isContinuation && this.#isShown ? undefined : this.#options.pattern;
    this.#isShown = false;
    if (!isLong(line)) return pattern === undefined || pattern.matches(line.text) ? [this.#entry(line)] : [];
    const shown = await showLongLine(this.#log, line, { pattern });
    return shown ? [this.#entry(shown)] : [];
  }

  #jump(position: LogPosition): readonly LogEntry[] {
    const { runId, pattern } = this.#options;
    const isGone = position.epoch > this.at.epoch && !this.#log.isEndOfRange(this.at);
    const gap = findGap(this.at, position) ?? (isGone ? 'evicted' : undefined);
    if (pattern || gap === undefined) return [];
    return [gap === 'evicted' ? { kind: gap, runId } : { kind: gap, runId, atMs: this.#options.nowMs() }];
  }

  #entry(line: IncomingLine): LogEntry {
    const { runId, nowMs } = this.#options;
    const time = this.#isFresh ? { atMs: nowMs(), isApproximate: false } : this.#log.timeAt(line);
    return lineEntry(runId, line, time);
  }
}
