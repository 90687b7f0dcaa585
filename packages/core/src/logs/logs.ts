import { existsSync } from 'node:fs';
import type { Candle } from '../candle.ts';
import type { Run } from '../runs/run.ts';
import { isRunOver, runDir } from '../runs/run-dir.ts';
import { readKnownServices, resolveNames } from '../services/known-services.ts';
import { UnknownCursorError } from './errors.ts';
import type { LinePattern } from './line-pattern.ts';
import { cursorText, type LogCursor } from './log-cursor.ts';
import { findEndMark, type LogEntry, startMark } from './log-entry.ts';
import { logBeginning } from './log-position.ts';
import { isMarkWanted, type LineQuery, readForward, readTail } from './read-run.ts';
import { RunLog } from './run-log.ts';
import { type ServiceRuns, selectRuns } from './select-runs.ts';

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
  /** Longer lines are cut to this many characters. If set, escape sequences are removed from all lines. */
  readonly maxTextLength?: number | undefined;
  /** Reads the cursor's service forward from here instead of back from the end. */
  readonly startAt?: LogCursor | undefined;
}

/**
 * Reads the last matching lines of services, including earlier runs with their marks, or the first ones from a cursor.
 * It only reads, and nothing has to be running.
 * @throws UnknownServiceError, UnknownRunError, AmbiguousRunError, UnknownCursorError
 */
export async function logs(candle: Candle, input: LogsInput): Promise<readonly ServiceLog[]> {
  const { projectDir, names, run, startAt } = input;
  const known = await readKnownServices(candle, projectDir);
  const chosen = names.length > 0 ? resolveNames(known, names) : known.names;
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
        ...marks(isStartShown ? startMark(run) : undefined, input),
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
      if (!isFirst) entries.push(...marks(run.logStart === null ? startMark(run) : undefined, input));
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
  return isForgotten ? [] : marks(findEndMark(run, dir), query);
}
