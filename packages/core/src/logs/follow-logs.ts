import type { Candle } from '../candle.ts';
import type { Run } from '../runs/run.ts';
import { isRunOver, isShimAlive, runDir } from '../runs/run-record.ts';
import { readKnownServices, resolveNames } from '../services/known-services.ts';
import { followRun } from './follow-output.ts';
import type { LinePattern } from './line-pattern.ts';
import { findEndMark, findGivenUpMark, type LogEntry, type LogMark, startMark } from './log-entry.ts';
import { comparePositions, type LogCursor, type LogPosition, logBeginning } from './log-position.ts';
import { StoreWatch } from './output-watch.ts';
import { logStartOf, RunLog } from './run-log.ts';

/** Entries of one service that arrived together. */
export interface FollowedEntries {
  readonly serviceName: string;
  readonly entries: readonly LogEntry[];
}

export interface FollowLogsInput {
  readonly projectDir: string;
  /** Empty: every service of the project, including those that are added later. */
  readonly names: readonly string[];
  /** Where to continue, by service. If omitted, from now on. A service that is not in the map has no output yet. */
  readonly from?: ReadonlyMap<string, FollowStart> | undefined;
  readonly pattern?: LinePattern | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FollowStart extends LogCursor {
  /** The run has ended, and all of its output was read. */
  readonly isOver: boolean;
}

/**
 * Follows what services print, with marks for their starts and ends, including services and runs that begin later. It
 * only observes, and continues until the signal.
 * @throws UnknownServiceError; StateReplacedError if the database is removed meanwhile
 */
export async function* followLogs(candle: Candle, input: FollowLogsInput): AsyncGenerator<FollowedEntries> {
  const known = await readKnownServices(candle, input.projectDir);
  const names = resolveNames(known, input.names);
  const queue = new EntryQueue<FollowedEntries>();
  const ending = new AbortController();
  const end = () => ending.abort();
  input.signal?.addEventListener('abort', end);
  ending.signal.addEventListener('abort', () => queue.close());
  const storeWatch = new StoreWatch(candle.store, candle.stateDir, (error) => queue.fail(error));
  const parts = { queue, storeWatch, signal: ending.signal, pattern: input.pattern };
  try {
    const from = input.from ?? (await startsNow(candle, input.projectDir));
    const follow = (name: string) => {
      followService(candle, { ...parts, projectDir: input.projectDir, name, start: from.get(name) }).catch((error) =>
        queue.fail(error),
      );
    };
    if (names.length > 0) names.forEach(follow);
    else followAllServices(candle, input.projectDir, { ...parts, follow });
    if (input.signal?.aborted) end();
    for (let taken = await queue.take(); taken !== undefined; taken = await queue.take()) yield* taken;
  } finally {
    end();
    storeWatch.close();
    input.signal?.removeEventListener('abort', end);
  }
}

/** The current end of every service's output: earlier output is not followed. */
async function startsNow(candle: Candle, projectDir: string): Promise<ReadonlyMap<string, FollowStart>> {
  const starts = new Map<string, FollowStart>();
  for (const run of await candle.store.runs.listLatest(projectDir)) {
    const dir = runDir(candle.stateDir, run.id);
    const isOver = isRunOver(run, dir);
    const log = new RunLog(dir);
    starts.set(run.serviceName, { runId: run.id, position: log.end, isOver });
    log.close();
  }
  return starts;
}

interface Parts {
  readonly queue: EntryQueue<FollowedEntries>;
  readonly storeWatch: StoreWatch;
  readonly signal: AbortSignal;
  readonly pattern: LinePattern | undefined;
}

/** Follows every service that is in the database or is added to it. */
function followAllServices(
  { store }: Candle,
  projectDir: string,
  { queue, storeWatch, follow }: Parts & { readonly follow: (name: string) => void },
): void {
  const followed = new Set<string>();
  const check = async () => {
    for (const { name } of await store.services.list(projectDir)) {
      if (followed.has(name)) continue;
      followed.add(name);
      follow(name);
    }
  };
  const checkOrFail = () => void check().catch((error) => queue.fail(error));
  storeWatch.onChange(checkOrFail);
  checkOrFail();
}

interface ServiceToFollow extends Parts {
  readonly projectDir: string;
  readonly name: string;
  readonly start: FollowStart | undefined;
}

/** Follows the runs of one service one after another: a run begins after the previous one has ended. */
async function followService(candle: Candle, service: ServiceToFollow): Promise<void> {
  const { projectDir, name, start, queue, signal, storeWatch } = service;
  const list = () => candle.store.runs.listOfService(projectDir, name);
  const runs = await list();
  const first = runs.findIndex(({ id }) => id === start?.runId);
  const earlier = start === undefined ? [] : runs.slice(0, first === -1 ? undefined : first + 1);
  const seen = new Set(earlier.map(({ id }) => id));
  const give = async (run: Run, from: LogPosition | undefined) => {
    for await (const entries of runEntries(candle, run, from, service)) {
      await queue.push({ serviceName: name, entries });
      if (signal.aborted) return;
    }
  };
  const current = runs[first];
  if (start && current && !start.isOver) await give(current, start.position);
  while (!signal.aborted) {
    const changed = nextChange(storeWatch, signal);
    const next = (await list()).find(({ id }) => !seen.has(id));
    if (next === undefined) {
      await changed;
      continue;
    }
    seen.add(next.id);
    await give(next, undefined);
  }
}

/**
 * The entries of one run from a position, or from its beginning with a start mark, until the database records its end. The
 * run's files show at once that the main program ended. The end mark therefore waits neither for the database nor for
 * processes that the program left behind, whose output is still followed.
 */
async function* runEntries(
  candle: Candle,
  run: Run,
  from: LogPosition | undefined,
  { pattern, signal, storeWatch }: Parts,
): AsyncGenerator<readonly LogEntry[]> {
  const dir = runDir(candle.stateDir, run.id);
  let row = run;
  const check = async () => {
    row = (await candle.store.runs.find(run.id)) ?? { ...row, endedAtMs: row.endedAtMs ?? candle.clock.nowMs() };
  };
  // While the main program runs, the row does not change.
  const stopChecking = storeWatch.onChange(() => {
    if (!isShimAlive(dir)) check().catch(() => undefined);
  });
  const marks = (mark: LogMark | undefined) => (mark === undefined || pattern !== undefined ? [] : [[mark]]);
  try {
    if (from === undefined) yield* marks(startMark(run, dir));
    const cleared = logStartOf(run) ?? logBeginning;
    const begin = from !== undefined && comparePositions(from, cleared) > 0 ? from : cleared;
    const end = yield* followRun(candle, run.id, { from: begin, isOver: () => isRunOver(row, dir), pattern, signal });
    if (signal.aborted) return;
    await check();
    const mark = findEndMark(row, dir);
    yield* marks(mark);
    if (row.endedAtMs === null) {
      yield* followRun(candle, run.id, { from: end, isOver: () => row.endedAtMs !== null, pattern, signal });
      if (signal.aborted) return;
      if (mark === undefined) yield* marks(findEndMark(row, dir));
    }
    yield* marks(findGivenUpMark(row, dir));
  } finally {
    stopChecking();
  }
}

/** Call it before reading the database, so that no change is missed. */
function nextChange(storeWatch: StoreWatch, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = storeWatch.onChange(done);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

/** Merges items from several sources in the order in which they arrive. A source waits until its item is taken. */
class EntryQueue<T> {
  readonly #waiting: T[] = [];
  #hasRoom = Promise.withResolvers<void>();
  #hasMore = Promise.withResolvers<void>();
  #isClosed = false;
  #error: { readonly cause: unknown } | undefined;

  /** Resolves when the item was taken. */
  async push(item: T): Promise<void> {
    if (this.#isClosed) return;
    this.#waiting.push(item);
    this.#hasMore.resolve();
    await this.#hasRoom.promise;
  }

  /** Makes `take` throw the error after the items that are already in the queue. */
  fail(error: unknown): void {
    this.#error ??= { cause: error };
    this.close();
  }

  close(): void {
    this.#isClosed = true;
    this.#hasMore.resolve();
    this.#hasRoom.resolve();
  }

  /** Takes all waiting items. Undefined if the queue is closed and empty. @throws the error passed to `fail` */
  async take(): Promise<readonly T[] | undefined> {
    while (this.#waiting.length === 0) {
      if (this.#error) throw this.#error.cause;
      if (this.#isClosed) return undefined;
      await this.#hasMore.promise;
      if (!this.#isClosed) this.#hasMore = Promise.withResolvers();
    }
    const items = this.#waiting.splice(0);
    this.#hasRoom.resolve();
    if (!this.#isClosed) this.#hasRoom = Promise.withResolvers();
    return items;
  }
}
