import { existsSync } from 'node:fs';
import { findKillReason } from '../runs/memory-kills.ts';
import { type GivenUp, type Run, signalOfExitCode } from '../runs/run.ts';
import { exitRecordedAtMs, findRunRecord, isRunOver, type RunDir, readRecord } from '../runs/run-record.ts';
import { type EndReason, unrequestedReasons } from '../runs/run-status.ts';
import { findNotedStop } from '../runs/stop-note.ts';
import type { LogLine } from './log-line.ts';
import type { TimeRecord } from './segments.ts';

/** A line that the service printed. */
export interface LineEntry extends LogLine {
  readonly kind: 'line';
  readonly runId: string;
  /** When it was printed; null if that was not recorded. */
  readonly atMs: number | null;
  /** It was printed at `atMs` or earlier. */
  readonly isApproximate: boolean;
  /** It continues a partial line that was shown before. */
  readonly isContinuation: boolean;
}

/** What happened to a run or to its output. Marks are derived from the database and the existing output, and are not stored. */
export type LogMark =
  /**
   * `attempt`: the nth consecutive restart by the service's restart policy. `isPipedInstead`: it prints to a pipe, because an
   * earlier run truncated its output.
   */
  | {
      readonly kind: 'started';
      readonly runId: string;
      readonly atMs: number;
      readonly attempt: number;
      readonly isPipedInstead: boolean;
    }
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly atMs: number | null;
      readonly exitCode: number | null;
      readonly exitSignal: string | null;
      readonly reason: EndReason;
      /** Who has killed it, as a clause, if that is not obvious. */
      readonly explanation?: string | undefined;
    }
  /** The restart policy of the service has given up after the run, which has ended like this. */
  | ({ readonly kind: 'given-up'; readonly runId: string } & GivenUp & Pick<Run, 'exitCode' | 'exitSignal'>)
  /** The program truncated the file that it prints to, or has written over earlier output. */
  | { readonly kind: 'truncated'; readonly runId: string; readonly atMs: number | null }
  /** Earlier output was evicted to make room for newer output. */
  | { readonly kind: 'evicted'; readonly runId: string };

/** How to print without truncating earlier output, in a shell and in other languages. */
const adviceForReopening = 'write to fd 2 (in a shell: >&2) instead of opening /dev/stderr, or set "output": "pipe"';

/** What a reader is told where the program has truncated or overwritten its output. */
export const truncatedText = `the program truncated its own output, so earlier lines may be missing: ${adviceForReopening}`;

/** Where the output of a run that prints to a pipe instead comes from, and why. */
export const pipedInsteadOutput = `read from a pipe, because an earlier run truncated it: ${adviceForReopening}`;
export const pipedInsteadText = `its output is ${pipedInsteadOutput}`;

export type LogEntry = LineEntry | LogMark;

export function lineEntry(
  runId: string,
  line: LogLine & { readonly isContinuation?: boolean },
  time: Pick<TimeRecord, 'atMs' | 'isApproximate'> | undefined,
): LineEntry {
  const { epoch, offset, endOffset, text, isPartial, isContinuation = false, cutCharacters, hasCarriageReturn } = line;
  const atMs = time !== undefined && Number.isFinite(time.atMs) ? time.atMs : null;
  const isApproximate = atMs !== null && time?.isApproximate === true;
  const position = { epoch, offset, endOffset, isPartial, isContinuation };
  const rarities = { ...(cutCharacters ? { cutCharacters } : {}), ...(hasCarriageReturn ? { hasCarriageReturn } : {}) };
  return { kind: 'line', runId, text, atMs, isApproximate, ...position, ...rarities };
}

export function startMark({ id: runId, startedAtMs: atMs, attempt }: Run, dir: RunDir): LogMark {
  return { kind: 'started', runId, atMs, attempt, isPipedInstead: isPipedInstead(dir) };
}

/** Whether a run prints to a pipe because an earlier run of the service truncated its output. */
export function isPipedInstead(dir: RunDir): boolean {
  return existsSync(dir.output) && existsSync(dir.reopensOutput);
}

/** How the run ended. The database records an end later; the run's own files show it at once. */
export function findEndMark(run: Run, dir: RunDir): LogMark | undefined {
  const { id: runId, endedAtMs: atMs, exitCode, exitSignal, endReason: reason } = run;
  if (atMs !== null && reason !== null) return endMark({ runId, atMs, exitCode, exitSignal, reason }, dir);
  // The process that stops the run records the reason after all of its processes are gone.
  if (run.status === 'stopping') return undefined;
  const code = readRecord(dir.exit);
  if (code === undefined || !isRunOver(run, dir)) return undefined;
  const exit = { exitCode: code, exitSignal: signalOfExitCode(code) };
  const wasStopped = findNotedStop(dir) !== undefined;
  const reasonFound = wasStopped ? 'stopped' : unrequestedReasons.ended;
  return endMark({ runId, atMs: exitRecordedAtMs(dir) ?? null, ...exit, reason: reasonFound }, dir);
}

/** Undefined unless the database has recorded the end of the run. */
export function findGivenUpMark({ id: runId, endReason, exitCode, exitSignal }: Run, dir: RunDir): LogMark | undefined {
  if (endReason !== 'exited') return undefined;
  const givenUp = findRunRecord(dir)?.givenUp;
  return givenUp && { kind: 'given-up', runId, ...givenUp, exitCode, exitSignal };
}

type EndMark = Extract<LogMark, { kind: 'ended' }>;

function endMark(end: Omit<EndMark, 'kind' | 'explanation'>, dir: RunDir): EndMark {
  const explanation = findKillReason(dir, { exitSignal: end.exitSignal, endReason: end.reason });
  return { kind: 'ended', ...end, explanation };
}
