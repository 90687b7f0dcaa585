import type { Candle } from '../candle.ts';
import type { EndReason, Run } from '../runs/run.ts';
import { exitRecordedAtMs, isGuardAlive, readRecord, runDir } from '../runs/run-dir.ts';
import { readKnownServices, resolveNames } from '../services/known-services.ts';
import { readTail } from './read-tail.ts';

/** A line that the service printed, or a mark of what happened to it. */
export type LogEntry =
  | { readonly kind: 'line'; readonly runId: string; readonly text: string }
  | { readonly kind: 'started'; readonly runId: string; readonly atMs: number }
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly atMs: number | null;
      readonly exitCode: number | null;
      readonly reason: EndReason;
    };

export interface ServiceLog {
  readonly name: string;
  readonly projectDir: string;
  readonly entries: readonly LogEntry[];
}

export interface LogsInput {
  readonly projectDir: string;
  /** None: every service of the project that was ever started. */
  readonly names: readonly string[];
  /** Lines at most, for each service. */
  readonly count: number;
}

/** The last lines of services, earlier runs included and marked. Reads only, and needs nothing to be running. */
export async function logs(candle: Candle, { projectDir, names, count }: LogsInput): Promise<readonly ServiceLog[]> {
  const known = await readKnownServices(candle, projectDir);
  const chosen = names.length > 0 ? resolveNames(known, names) : known.names;
  const found = await Promise.all(chosen.map((name) => serviceLog(candle, { projectDir, name, count })));
  return names.length > 0 ? found : found.filter(({ entries }) => entries.length > 0);
}

async function serviceLog(
  candle: Candle,
  { projectDir, name, count }: { projectDir: string; name: string; count: number },
): Promise<ServiceLog> {
  const newestFirst: (readonly LogEntry[])[] = [];
  let wanted = count;
  const runs = (await candle.store.runs.listOfService(projectDir, name)).toReversed();
  for (const [index, run] of runs.entries()) {
    if (wanted <= 0) break;
    const { lines, isWhole } = await readTail(runDir(candle.stateDir, run.id).spool, wanted);
    wanted -= lines.length;
    const isOldest = index === runs.length - 1;
    newestFirst.push([
      ...(isWhole && !isOldest ? [{ kind: 'started', runId: run.id, atMs: run.startedAtMs } as const] : []),
      ...lines.map((text) => ({ kind: 'line', runId: run.id, text }) as const),
      ...endMark(candle, run),
    ]);
  }
  return { name, projectDir, entries: newestFirst.toReversed().flat() };
}

/** The ledger hears of an end when something is next done with the service; the run's own files know at once. */
function endMark(candle: Candle, run: Run): readonly LogEntry[] {
  if (run.endedAtMs !== null && run.endReason !== null) {
    const { endedAtMs: atMs, exitCode, endReason: reason } = run;
    return [{ kind: 'ended', runId: run.id, atMs, exitCode, reason }];
  }
  const dir = runDir(candle.stateDir, run.id);
  const exitCode = readRecord(dir.exit);
  if (exitCode === undefined || isGuardAlive(dir)) return [];
  return [{ kind: 'ended', runId: run.id, atMs: exitRecordedAtMs(dir) ?? null, exitCode, reason: 'itself' }];
}
