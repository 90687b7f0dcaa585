import type { ProcessInfo } from '../system/process-table.ts';
import { beganBefore, isInShimGroup, isSame, type RunMarks, shimPidState } from './run-marks.ts';

/**
 * Processes of other runs: their shims, the processes in the sessions and groups of these shims, processes with the id
 * of another run, and all descendants of these. A descendant with the id of this run belongs to this run again, because
 * one service may start another (for example an editor or an agent that runs as a service).
 */
export function barredProcesses(
  byPid: ReadonlyMap<number, ProcessInfo>,
  run: RunMarks,
): { has(process: ProcessInfo): boolean } {
  const otherShims = run.otherShims.filter((shim) => !isSame(shim, run.shim) && shimPidState(shim, byPid) !== 'reused');
  const isBarred = new Map<number, boolean>();

  const isOfAnotherRun = (process: ProcessInfo): boolean =>
    (process.runId !== undefined && process.runId !== run.runId) ||
    otherShims.some((shim) => isSame(process, shim) || (isInShimGroup(process, shim) && !beganBefore(process, shim)));
  const isOwn = (process: ProcessInfo): boolean => process.runId === run.runId || isSame(process, run.shim);

  const has = (process: ProcessInfo): boolean => {
    const known = isBarred.get(process.pid);
    if (known !== undefined) return known;
    isBarred.set(process.pid, false); // ends the recursion if the parents in a snapshot form a cycle
    const parent = byPid.get(process.ppid);
    const barred = isOfAnotherRun(process) || (!isOwn(process) && parent !== undefined && has(parent));
    isBarred.set(process.pid, barred);
    return barred;
  };
  return { has };
}
