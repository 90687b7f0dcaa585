import { rmSync } from 'node:fs';
import type { Candle } from '../candle.ts';
import type { Run } from '../runs/run.ts';
import { isShimAlive, runDir } from '../runs/run-record.ts';
import { readKnownServices, resolveNames } from '../services/known-services.ts';
import { findEndMark } from './log-entry.ts';
import { positionText } from './log-position.ts';
import { logStartOf, RunLog, visibleRanges } from './run-log.ts';

export interface ClearLogsInput {
  readonly projectDir: string;
  /** Empty: every service of the project. */
  readonly names: readonly string[];
}

export interface ClearedService {
  readonly name: string;
  readonly projectDir: string;
  /** False if there was no output. */
  readonly cleared: boolean;
}

/**
 * Clears what services have printed so far. The files of runs that are over are removed at once; those of an active run
 * are left to the process that copies its output.
 * @throws UnknownServiceError
 */
export async function clearLogs(
  candle: Candle,
  { projectDir, names }: ClearLogsInput,
): Promise<readonly ClearedService[]> {
  const known = await readKnownServices(candle, projectDir);
  const chosen = names.length > 0 ? resolveNames(known, names) : known.names;
  const found: ClearedService[] = [];
  for (const name of chosen) {
    let cleared = false;
    for (const run of await candle.store.runs.listOfService(projectDir, name)) {
      if (await clearRun(candle, run)) cleared = true;
    }
    found.push({ name, projectDir, cleared });
  }
  return found;
}

async function clearRun({ stateDir, store }: Candle, run: Run): Promise<boolean> {
  const dir = runDir(stateDir, run.id);
  const log = new RunLog(dir);
  const hadOutput = visibleRanges(log, logStartOf(run)).some(({ from, to }) => to > from);
  const logStart = positionText(log.end);
  log.close();
  const isEnded = run.endedAtMs !== null && !isShimAlive(dir);
  // A run that is over also shows an end mark for as long as its files exist.
  const hadMark = isEnded && findEndMark(run, dir) !== undefined && run.logStart === null;
  if (run.logStart !== logStart) await store.runs.setLogStart(run.id, logStart);
  if (isEnded) for (const path of [dir.log, dir.spool]) rmSync(path, { recursive: true, force: true });
  return hadOutput || hadMark;
}
