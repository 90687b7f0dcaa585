import { StringDecoder } from 'node:string_decoder';
import type { Candle } from '../candle.ts';
import { parseDurationMs } from '../config/duration.ts';
import type { Run } from '../runs/run.ts';
import { isRunOver, isShimAlive, runDir } from '../runs/run-record.ts';
import { readKnownServices, resolveNames } from '../services/known-services.ts';
import { timeSlices } from '../system/time-slices.ts';
import { InvalidTimeoutError, MessageTimeoutError, NoRunToWaitForError, RunEndedBeforeMessageError } from './errors.ts';
import { followOutput, type OutputChunk } from './follow-output.ts';
import { type LinePattern, linePattern } from './line-pattern.ts';
import { readLastLines } from './lines-backward.ts';
import { logBeginning } from './log-position.ts';
import { StoreWatch, withIdleGaps } from './output-watch.ts';
import { logStartOf, RunLog } from './run-log.ts';
import { stripLine } from './strip-line.ts';

export interface WaitForLogInput {
  readonly projectDir: string;
  readonly name: string;
  readonly message: string;
  readonly isRegex?: boolean | undefined;
  readonly timeoutMs: number;
  /** Ends the wait at once with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The line with the message, without escape sequences. For an unfinished line, the text so far. */
export interface FoundMessage {
  readonly serviceName: string;
  readonly projectDir: string;
  readonly runId: string;
  readonly text: string;
}

/** Parses a timeout to milliseconds. @throws InvalidTimeoutError */
export function parseTimeout(text: string): number {
  const timeoutMs = parseDurationMs(text);
  if (timeoutMs === undefined) throw new InvalidTimeoutError(text);
  return timeoutMs;
}

/**
 * Waits until the current run of a service has printed a message. Resolves at once if it already has.
 * @throws UnknownServiceError, EmptyPatternError, InvalidPatternError, NoRunToWaitForError, RunEndedBeforeMessageError,
 * MessageTimeoutError, and the signal's reason
 */
export async function waitForLog(candle: Candle, input: WaitForLogInput): Promise<FoundMessage> {
  const { projectDir, name, message, isRegex = false, timeoutMs, signal } = input;
  resolveNames(await readKnownServices(candle, projectDir), [name]);
  const pattern = await linePattern(message, { isRegex });
  const run = await candle.store.runs.findActive(projectDir, name);
  const missed = (of: Run | undefined) => ({
    name,
    projectDir,
    message,
    runId: of?.id ?? null,
    lastLines: of ? readLastLines(candle.stateDir, of) : [],
  });
  if (!run) throw new NoRunToWaitForError(missed((await candle.store.runs.listOfService(projectDir, name)).at(-1)));
  const outcome = await searchRun(candle, run, pattern, { timeoutMs, signal });
  signal?.throwIfAborted();
  if (outcome === 'ended') throw new RunEndedBeforeMessageError(missed(run));
  if (outcome === 'late') throw new MessageTimeoutError(missed(run), timeoutMs);
  return { serviceName: name, projectDir, runId: run.id, text: outcome.text };
}

type SearchOutcome = { readonly text: string } | 'ended' | 'late';

async function searchRun(
  candle: Candle,
  run: Run,
  pattern: LinePattern,
  { timeoutMs, signal }: Pick<WaitForLogInput, 'timeoutMs' | 'signal'>,
): Promise<SearchOutcome> {
  const dir = runDir(candle.stateDir, run.id);
  let row = run;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const giveUp = () => timeout.abort();
  signal?.addEventListener('abort', giveUp);
  if (signal?.aborted) giveUp();
  // An error of the watch also shows up at the next database query.
  const store = new StoreWatch(candle.store, candle.stateDir, () => timeout.abort());
  store.onChange(async () => {
    if (!isShimAlive(dir)) row = (await candle.store.runs.find(run.id).catch(() => undefined)) ?? row;
  });
  const log = new RunLog(dir);
  const from = logStartOf(run) ?? logBeginning;
  const chunks = followOutput(log, { from, isOver: () => isRunOver(row, dir), signal: timeout.signal });
  try {
    const text = await findIn(chunks, new MessageSearch(pattern, timeout.signal));
    if (text !== undefined) return { text };
    return timeout.signal.aborted ? 'late' : 'ended';
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
    timeout.abort();
    await chunks.return(undefined);
    store.close();
    log.close();
  }
}

async function findIn(chunks: AsyncGenerator<OutputChunk>, search: MessageSearch): Promise<string | undefined> {
  for await (const chunk of withIdleGaps(chunks, () => search.hasRest)) {
    const found = chunk === undefined ? search.checkRest() : await search.add(chunk.bytes);
    if (found !== undefined) return found;
  }
  return search.checkRest();
}

/**
 * The maximum number of characters of a line to buffer. Of a longer line, plain text is searched in overlapping chunks, and
 * an expression only at its beginning.
 */
const maxBuffered = 1024 * 1024;
const overlap = 64 * 1024;
/** Room for escape sequences between the characters of a message. */
const escapedRoom = 4096;

/** Searches for a message in output as it arrives, with bounded memory and without blocking the process. */
export class MessageSearch {
  readonly #pattern: LinePattern;
  readonly #signal: AbortSignal | undefined;
  readonly #decoder = new StringDecoder('utf8');
  #line = '';

  /** @param signal ends the search: `add` then returns undefined */
  constructor(pattern: LinePattern, signal?: AbortSignal) {
    this.#pattern = pattern;
    this.#signal = signal;
  }

  /** Whether there is an unfinished line. */
  get hasRest(): boolean {
    return this.#line !== '';
  }

  /** The line with the message, as far as it was printed. Plain text is found without waiting for the end of the line. */
  async add(bytes: Buffer): Promise<string | undefined> {
    const [first = '', ...more] = this.#decoder.write(bytes).split('\n');
    const rest = more.pop();
    for (const line of rest === undefined ? [] : [this.#line + first, ...more]) {
      if (timeSlices().isOver()) await timeSlices().next();
      if (this.#signal?.aborted) return undefined;
      const found = this.#find(line);
      if (found !== undefined) return found;
    }
    const added = rest ?? first;
    this.#line = rest ?? this.#line + first;
    return this.#findInRest(added.length);
  }

  /** Searches the unfinished line, after an idle gap or at the end of the output. */
  checkRest(): string | undefined {
    return this.hasRest ? this.#find(this.#line) : undefined;
  }

  #find(line: string): string | undefined {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    return this.#pattern.matches(text) ? stripLine(text) : undefined;
  }

  #findInRest(addedLength: number): string | undefined {
    const { plain } = this.#pattern;
    const isTooLong = this.#line.length > maxBuffered;
    if (plain === undefined) {
      if (isTooLong) this.#line = this.#line.slice(0, maxBuffered);
      return undefined;
    }
    if (addedLength > 0) {
      // Search only the new part; read the whole line if that part matches.
      const tail = this.#line.slice(-(addedLength + plain.length + escapedRoom));
      if (this.#find(tail) !== undefined) return this.#find(this.#line);
    }
    if (!isTooLong) return undefined;
    const found = this.checkRest();
    this.#line = this.#line.slice(-overlap);
    return found;
  }
}
