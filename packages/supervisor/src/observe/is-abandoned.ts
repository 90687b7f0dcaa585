import { type Run, runDir } from '@candle/core/runs';
import { findLaunch, readContext } from '../launch/launch.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/process-table.ts';

/** Whether a run is tied to a process that no longer exists, so that it must be stopped. */
export function isAbandoned(
  { processes, stateDir }: Pick<Supervision, 'processes' | 'stateDir'>,
  { id, owner, bootId }: Run,
): boolean {
  if (owner === null || !isOfThisBoot(processes, bootId) || processes.isAlive(owner)) return false;
  // The PID of another container means nothing here.
  const pids = findLaunch(runDir(stateDir, id))?.context?.namespaces.pid;
  return pids === undefined || pids === readContext().namespaces.pid;
}
