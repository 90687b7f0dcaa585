import { rmSync } from 'node:fs';
import type { Candle } from '../candle.ts';
import type { Run } from '../runs/run.ts';
import { isShimAlive, runDir } from '../runs/run-record.ts';
import { readKnownServices, resolveNames } from '../services/known-services.ts';
import { isUnwritable } from '../store/errors.ts';
import { findEndMark } from './log-entry.ts';
import { positionText } from './log-position.ts';
import { logStartOf, RunLog, visibleRanges } from './run-log.ts';
import { listSegments } from './segments.ts';

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
 * Clears what services have printed so far. The files of runs that are over are removed at once. Of an active run, the
 * newest segment and the spool are left to the process that copies its output. All files are removed before anything is
 * recorded, so that this also works on a full disk.
 * @throws UnknownServiceError
 */
export async function clearLogs(
  candle: Candle,
  { projectDir, names }: ClearLogsInput,
): Promise<readonly ClearedService[]> {
  const { store, stateDir } = candle;
  const known = await readKnownServices(candle, projectDir);
  const chosen = names.length > 0 ? resolveNames(known, names) : known.names;
  const runs: Run[] = [];
  for (const name of chosen) runs.push(...(await store.runs.listOfService(projectDir, name)));
  const freed = runs.map((run) => freeOutput(stateDir, run));
  for (const { run, logStart, isEnded } of freed) {
    if (run.logStart === logStart) continue;
    try {
      await store.runs.setLogStart(run.id, logStart);
    } catch (error) {
      // The output of an ended run is gone, and only the mark of its end may still be shown.
      if (!(isEnded && isUnwritable(error))) throw error;
    }
  }
  const cleared = new Set(freed.filter(({ hadOutput }) => hadOutput).map(({ run }) => run.serviceName));
  return chosen.map((name) => ({ name, projectDir, cleared: cleared.has(name) }));
}

interface FreedOutput {
  readonly run: Run;
  /** Where its output now begins for readers. */
  readonly logStart: string;
  readonly isEnded: boolean;
  readonly hadOutput: boolean;
}

function freeOutput(stateDir: string, run: Run): FreedOutput {
  const dir = runDir(stateDir, run.id);
  const log = new RunLog(dir);
  const hadLines = visibleRanges(log, logStartOf(run)).some(({ from, to }) => to > from);
  const logStart = positionText(log.end);
  log.close();
  const isEnded = run.endedAtMs !== null && !isShimAlive(dir);
  // A run that is over also shows an end mark for as long as its files exist.
  const hadMark = isEnded && findEndMark(run, dir) !== undefined && run.logStart === null;
  const older = listSegments(dir).slice(0, -1);
  const paths = isEnded ? [dir.log, dir.spool] : older.flatMap(({ path, indexPath }) => [path, indexPath]);
  for (const path of paths) rmSync(path, { recursive: true, force: true });
  return { run, logStart, isEnded, hadOutput: hadLines || hadMark };
}
