import { existsSync } from 'node:fs';
import type { LineDocument, LogEntryDocument, LogsDocument } from '@candle/documents';
import type { Candle } from '../candle.ts';
import type { Run } from '../runs/run.ts';
import { isRunOver, runDir } from '../runs/run-record.ts';
import { readKnownServices, resolveNames } from '../services/known-services.ts';
import { AmbiguousRunError, UnknownCursorError, UnknownRunError } from './errors.ts';
import type { LinePattern } from './line-pattern.ts';
import { plainLine } from './line-text.ts';
import { findEndMark, findGivenUpMark, type LineEntry, type LogEntry, type LogMark, startMark } from './log-entry.ts';
import { cursorText, type LogCursor, logBeginning } from './log-position.ts';
import { isMarkWanted, type LineQuery, readForward, readTail } from './read-run.ts';
import { RunLog } from './run-log.ts';

export interface ServiceLog {
  readonly name: string;
  readonly projectDir: string;
  readonly entries: readonly LogEntry[];
  /** Where to continue after what was read; undefined if the service has never run. */
  readonly next: (LogCursor & { readonly isOver: boolean }) | undefined;
}

export interface LogsInput {
  readonly projectDir: string;
  /** Empty: every service of the project that was ever started. */
  readonly names: readonly string[];
  /** The maximum number of lines per service. If omitted, all lines. */
  readonly count?: number | undefined;
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** Only lines that match; marks are omitted. */
  readonly pattern?: LinePattern | undefined;
  /** Only this run: `latest`, `previous`, or an id or its beginning. */
  readonly run?: string | undefined;
  /** Longer lines are cut to this many characters. If set, all lines are plain text in their last state. */
  readonly maxTextLength?: number | undefined;
  /** Reads the cursor's service forward from here instead of back from the end. */
  readonly startAt?: LogCursor | undefined;
  /** Ends the reading with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads the last matching lines of services, including earlier runs with their marks, or the first ones from a cursor.
 * It only reads, and nothing has to be running.
 * @throws UnknownServiceError, UnknownRunError, AmbiguousRunError, UnknownCursorError
 */
export async function logs(candle: Candle, input: LogsInput): Promise<readonly ServiceLog[]> {
  const { projectDir, names, run, startAt } = input;
  const known = await readKnownServices(candle, projectDir);
  const chosen = names.length > 0 ? resolveNames(known, names) : known.listed;
  const services = await Promise.all(
    chosen.map(async (name) => ({ name, runs: await candle.store.runs.listOfService(projectDir, name) })),
  );
  if (startAt) return [await readFromCursor(candle, input, serviceOfCursor(services, startAt, input))];
  const selected = run === undefined ? services : selectRuns(services, run, projectDir);
  const found: ServiceLog[] = [];
  for (const service of selected) found.push(await readBackward(candle, input, service));
  return names.length > 0 ? found : found.filter(({ next }) => next !== undefined);
}

function serviceOfCursor(services: readonly ServiceRuns[], cursor: LogCursor, { projectDir, names }: LogsInput) {
  const service = services.find(({ runs }) => runs.some(({ id }) => id === cursor.runId));
  if (service) return service;
  throw new UnknownCursorError(cursorText(cursor), projectDir, names.length === 1 ? names[0] : undefined);
}

async function readBackward(candle: Candle, input: LogsInput, { name, runs }: ServiceRuns): Promise<ServiceLog> {
  const newestFirst: (readonly LogEntry[])[] = [];
  let wanted = input.count ?? Infinity;
  let next: ServiceLog['next'];
  for (const [index, run] of [...runs.entries()].reverse()) {
    if (wanted <= 0 && next) break;
    await withLog(candle, run, async (log, isOver) => {
      next ??= { runId: run.id, position: log.end, isOver };
      if (wanted <= 0) return;
      const { entries, lines, isWhole } = await readTail(log, run, input, wanted);
      wanted -= lines;
      const isStartShown = isWhole && run.logStart === null && index > 0;
      newestFirst.push([
        ...marks(isStartShown ? startMark(run, log.dir) : undefined, input),
        ...entries,
        ...endMarks(candle, run, input),
      ]);
    });
  }
  return { name, projectDir: input.projectDir, entries: newestFirst.toReversed().flat(), next };
}

async function readFromCursor(candle: Candle, input: LogsInput, { name, runs }: ServiceRuns): Promise<ServiceLog> {
  const { projectDir, startAt, count = Infinity } = input;
  const first = runs.findIndex(({ id }) => id === startAt?.runId);
  const entries: LogEntry[] = [];
  let lines = 0;
  let next: ServiceLog['next'];
  for (const run of runs.slice(first)) {
    const isContinued = await withLog(candle, run, async (log, isOver) => {
      const isFirst = run.id === startAt?.runId;
      if (!isFirst) entries.push(...marks(run.logStart === null ? startMark(run, log.dir) : undefined, input));
      const from = isFirst ? startAt.position : logBeginning;
      const read = await readForward(log, run, from, input, count - lines);
      entries.push(...read.entries);
      lines += read.lines;
      const isRead = read.isWhole && isOver;
      next = { runId: run.id, position: read.end, isOver: isRead };
      if (isRead) entries.push(...endMarks(candle, run, input));
      return read.isWhole && lines < count;
    });
    if (!isContinued) break;
  }
  return { name, projectDir, entries, next };
}

async function withLog<T>(candle: Candle, run: Run, read: (log: RunLog, isOver: boolean) => Promise<T>): Promise<T> {
  const dir = runDir(candle.stateDir, run.id);
  // Check this before reading, so that everything printed before the end is read.
  const isOver = isRunOver(run, dir);
  const log = new RunLog(dir);
  try {
    return await read(log, isOver);
  } finally {
    log.close();
  }
}

function marks(mark: LogEntry | undefined, query: LineQuery): readonly LogEntry[] {
  return mark && isMarkWanted(mark, query) ? [mark] : [];
}

/** A run whose output was cleared after its end no longer has an end mark. */
function endMarks({ stateDir }: Candle, run: Run, query: LineQuery): readonly LogEntry[] {
  const dir = runDir(stateDir, run.id);
  const isForgotten = run.logStart !== null && !existsSync(dir.log) && !existsSync(dir.spool);
  if (isForgotten) return [];
  return [...marks(findEndMark(run, dir), query), ...marks(findGivenUpMark(run, dir), query)];
}

/** The runs of one service, oldest first. */
interface ServiceRuns {
  readonly name: string;
  readonly runs: readonly Run[];
}

/**
 * Selects one run per service by `latest`, `previous`, or an id or its beginning. Services without a matching run are
 * omitted.
 * @throws UnknownRunError if no service has a matching run; AmbiguousRunError
 */
function selectRuns(services: readonly ServiceRuns[], run: string, projectDir: string): readonly ServiceRuns[] {
  const known = services.flatMap(({ runs }) => runs.map(({ id }) => id));
  const matching = known.includes(run) ? [run] : known.filter((id) => run !== '' && id.startsWith(run));
  const fromEnd = { latest: 1, previous: 2 }[run];
  if (fromEnd === undefined && matching.length > 1) throw new AmbiguousRunError(run, matching);
  const selected = services.flatMap(({ name, runs }) => {
    const one = fromEnd === undefined ? runs.find(({ id }) => id === matching[0]) : runs.at(-fromEnd);
    return one ? [{ name, runs: [one] }] : [];
  });
  // A service that has never run has no output yet, which is not an error.
  if (selected.length > 0 || (run === 'latest' && known.length === 0)) return selected;
  throw new UnknownRunError(
    run,
    projectDir,
    services.map(({ name }) => name),
    known,
  );
}

type MarkDocument = Exclude<LogEntryDocument, LineDocument>;

/** The logs in `--json` and MCP output. Its lines are plain text in their last state. */
export function logsDocument(logs: readonly ServiceLog[]): LogsDocument {
  return {
    services: logs.map(({ name, projectDir, entries, next }) => ({
      name,
      projectDir,
      entries: entries.map(logEntryDocument),
      cursor: next ? cursorText(next) : null,
    })),
  };
}

/** One entry; with `-f --json`, each is printed on its own line. */
export function logEntryDocument(entry: LogEntry): LogEntryDocument {
  return entry.kind === 'line' ? lineDocument(entry) : markDocument(entry);
}

function lineDocument(entry: LineEntry): LineDocument {
  const { kind, runId, text, atMs, epoch, endOffset, isApproximate, isPartial, isContinuation, cutCharacters } = entry;
  return {
    kind,
    runId,
    text: plainLine(text),
    at: isoTime(atMs),
    ...(isApproximate ? { approximate: true } : {}),
    cursor: cursorText({ runId, position: { epoch, offset: endOffset } }),
    ...(isPartial ? { partial: true } : {}),
    ...(isContinuation ? { continues: true } : {}),
    ...(cutCharacters ? { cut: cutCharacters } : {}),
  };
}

function markDocument(mark: LogMark): MarkDocument {
  const { runId } = mark;
  switch (mark.kind) {
    case 'started':
      return {
        kind: mark.kind,
        runId,
        at: new Date(mark.atMs).toISOString(),
        attempt: mark.attempt,
        ...(mark.isPipedInstead ? { output: 'pipe' as const } : {}),
      };
    case 'ended': {
      const { exitCode, exitSignal, reason, explanation } = mark;
      return {
        ...{ kind: mark.kind, runId, at: isoTime(mark.atMs), exitCode, exitSignal, reason },
        ...(explanation === undefined ? {} : { explanation }),
      };
    }
    case 'given-up': {
      const { exitCode, exitSignal, restarts, withinMs } = mark;
      return { kind: mark.kind, runId, at: isoTime(mark.atMs), exitCode, exitSignal, restarts, withinMs };
    }
    case 'truncated':
      return { kind: mark.kind, runId, at: isoTime(mark.atMs) };
    case 'evicted':
      return { kind: mark.kind, runId };
  }
}

function isoTime(atMs: number | null): string | null {
  return atMs === null || !Number.isFinite(atMs) ? null : new Date(atMs).toISOString();
}
