import { signalOfExitCode } from '../runs/exit-signal.ts';
import type { EndReason, Run } from '../runs/run.ts';
import { exitRecordedAtMs, isRunOver, type RunDir, readRecord } from '../runs/run-dir.ts';
import type { LogLine } from './log-line.ts';
import type { TimeRecord } from './time-index.ts';

/** A line that the service printed. */
export interface LineEntry extends LogLine {
  readonly kind: 'line';
  readonly runId: string;
  /** When it was printed; null when nobody has noted it. */
  readonly atMs: number | null;
  /** It is as old as that or older. */
  readonly isApproximate: boolean;
  /** It goes on with a partial line that was shown before. */
  readonly isContinuation: boolean;
}

/** What happened to a run, or to its output; told by the ledger and by what there is, and stored nowhere. */
export type LogMark =
  /** `attempt`: the nth restart in a row by the service's policy. */
  | { readonly kind: 'started'; readonly runId: string; readonly atMs: number; readonly attempt: number }
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly atMs: number | null;
      readonly exitCode: number | null;
      readonly exitSignal: string | null;
      readonly reason: EndReason;
    }
  /** The program has emptied the file that it prints to. */
  | { readonly kind: 'truncated'; readonly runId: string; readonly atMs: number | null }
  /** What it printed before was given up for newer output. */
  | { readonly kind: 'evicted'; readonly runId: string };

export type LogEntry = LineEntry | LogMark;

export function lineEntry(
  runId: string,
  line: LogLine & { readonly isContinuation?: boolean },
  time: Pick<TimeRecord, 'atMs' | 'isApproximate'> | undefined,
): LineEntry {
  const { epoch, offset, endOffset, text, isPartial, cutCharacters, isContinuation = false } = line;
  const atMs = time !== undefined && Number.isFinite(time.atMs) ? time.atMs : null;
  const isApproximate = atMs !== null && time?.isApproximate === true;
  const place = { epoch, offset, endOffset, isPartial, isContinuation };
  return { kind: 'line', runId, text, atMs, isApproximate, ...place, ...(cutCharacters ? { cutCharacters } : {}) };
}

export function startMark({ id: runId, startedAtMs: atMs, attempt }: Run): LogMark {
  return { kind: 'started', runId, atMs, attempt };
}

/** How it ended. The ledger hears of an end only after it; the run's own files know at once. */
export function findEndMark(run: Run, dir: RunDir): LogMark | undefined {
  const { id: runId, endedAtMs: atMs, exitCode, exitSignal, endReason: reason } = run;
  if (atMs !== null && reason !== null) return { kind: 'ended', runId, atMs, exitCode, exitSignal, reason };
  // Who stops it writes the reason when all of it is gone.
  if (run.status === 'stopping') return undefined;
  const code = readRecord(dir.exit);
  if (code === undefined || !isRunOver(run, dir)) return undefined;
  const exit = { exitCode: code, exitSignal: signalOfExitCode(code) };
  return { kind: 'ended', runId, atMs: exitRecordedAtMs(dir) ?? null, ...exit, reason: 'exited' };
}
