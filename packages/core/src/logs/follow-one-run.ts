import type { Candle } from '../candle.ts';
import type { Run } from '../runs/run.ts';
import { isRunOver, isShimAlive, runDir } from '../runs/run-dir.ts';
import { followEntries } from './follow-entries.ts';
import type { LinePattern } from './line-pattern.ts';
import { findEndMark, type LogEntry, startMark } from './log-entry.ts';
import { comparePositions, type LogPosition, logBeginning } from './log-position.ts';
import { RunLog } from './run-log.ts';
import type { StoreWatch } from './store-watch.ts';
import { logStartOf } from './visible-ranges.ts';

export interface FollowRunOptions {
  readonly pattern?: LinePattern | undefined;
  readonly signal: AbortSignal;
  readonly storeWatch: StoreWatch;
}

/**
 * Follows one run from a position, or from its beginning with a start mark, until the database records its end. The
 * run's files show at once that the main program ended. The end mark therefore waits neither for the database nor for
 * processes that the program left behind, whose output is still followed.
 */
export async function* followOneRun(
  candle: Candle,
  run: Run,
  from: LogPosition | undefined,
  options: FollowRunOptions,
): AsyncGenerator<readonly LogEntry[]> {
  const dir = runDir(candle.stateDir, run.id);
  const { pattern, signal, storeWatch } = options;
  let row = run;
  const check = async () => {
    row = (await candle.store.runs.find(run.id)) ?? { ...row, endedAtMs: row.endedAtMs ?? candle.clock.nowMs() };
  };
  // While the main program runs, the row does not change.
  const stopChecking = storeWatch.onChange(() => {
    if (!isShimAlive(dir)) check().catch(() => undefined);
  });
  const log = new RunLog(dir);
  const marks = (mark: LogEntry | undefined) => (mark === undefined || pattern !== undefined ? [] : [[mark]]);
  const entriesUntil = (position: LogPosition, isOver: () => boolean) =>
    followEntries(log, { runId: run.id, from: position, isOver, nowMs: () => candle.clock.nowMs(), pattern, signal });
  try {
    if (from === undefined) yield* marks(startMark(run));
    const cleared = logStartOf(run) ?? logBeginning;
    const begin = from !== undefined && comparePositions(from, cleared) > 0 ? from : cleared;
    const end = yield* entriesUntil(begin, () => isRunOver(row, dir));
    if (signal.aborted) return;
    await check();
    const mark = findEndMark(row, dir);
    yield* marks(mark);
    if (row.endedAtMs !== null) return;
    yield* entriesUntil(end, () => row.endedAtMs !== null);
    if (mark === undefined && !signal.aborted) yield* marks(findEndMark(row, dir));
  } finally {
    stopChecking();
    log.close();
  }
}
