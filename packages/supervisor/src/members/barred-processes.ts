import type { ProcessInfo } from '../system/process-table.ts';
import { beganBefore, isSame, isShim, type RunMarks, shimPidIs } from './run-marks.ts';

/**
 * Processes of other runs: their guards, what sits in these guards' sessions and groups, carriers of another run's id,
 * and all descendants of these. A descendant that carries this run's id is this run's again: a service may well have
 * started another one (an editor or an agent that runs as a service).
 */
export function barredProcesses(
  byPid: ReadonlyMap<number, ProcessInfo>,
  run: RunMarks,
): { has(process: ProcessInfo): boolean } {
  const otherShims = run.otherShims.filter((shim) => !isSame(shim, run.shim) && shimPidIs(shim, byPid) !== 'reused');
  const verdicts = new Map<number, boolean>();

  const isOfAnotherRun = (process: ProcessInfo): boolean =>
    (process.runId !== undefined && process.runId !== run.runId) ||
    otherShims.some((shim) => isSame(process, shim) || (isShim(process, shim) && !beganBefore(process, shim)));
  const isOwn = (process: ProcessInfo): boolean => process.runId === run.runId || isSame(process, run.shim);

  const has = (process: ProcessInfo): boolean => {
    const known = verdicts.get(process.pid);
    if (known !== undefined) return known;
    verdicts.set(process.pid, false); // ends the walk in a snapshot whose parents go in a circle
    const parent = byPid.get(process.ppid);
    const barred = isOfAnotherRun(process) || (!isOwn(process) && parent !== undefined && has(parent));
    verdicts.set(process.pid, barred);
    return barred;
  };
  return { has };
}
