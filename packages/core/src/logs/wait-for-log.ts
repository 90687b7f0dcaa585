import type { Candle } from '../candle.ts';
import { parseDurationMs } from '../config/duration.ts';
import type { Run } from '../runs/run.ts';
import { isRunOver, isShimAlive, runDir } from '../runs/run-record.ts';
import { readKnownServices, resolveNames } from '../services/known-services.ts';
import { InvalidTimeoutError, MessageTimeoutError, NoRunToWaitForError, RunEndedBeforeMessageError } from './errors.ts';
import { followOutput, type OutputChunk } from './follow-output.ts';
import { type LinePattern, linePattern } from './line-pattern.ts';
import { readLastLines } from './lines-backward.ts';
import { logBeginning } from './log-position.ts';
import { MessageSearch } from './message-search.ts';
import { StoreWatch, withIdleGaps } from './output-watch.ts';
import { logStartOf, RunLog } from './run-log.ts';

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
  const missed = async (of: Run | undefined) => ({
    name,
    projectDir,
    message,
    runId: of?.id ?? null,
    lastLines: of ? await readLastLines(candle.stateDir, of) : [],
  });
  if (!run)
    throw new NoRunToWaitForError(await missed((await candle.store.runs.listOfService(projectDir, name)).at(-1)));
  const outcome = await searchRun(candle, run, pattern, { timeoutMs, signal });
  signal?.throwIfAborted();
  if (outcome === 'ended') throw new RunEndedBeforeMessageError(await missed(run));
  if (outcome === 'late') throw new MessageTimeoutError(await missed(run), timeoutMs);
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
