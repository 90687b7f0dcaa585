import type { ProcessInfo } from '../system/process-table.ts';
import { isInShimGroup, isSame, type RunMarks, sharesStreams } from './run-marks.ts';
import { type TiedProcesses, tiedProcesses } from './tied-processes.ts';

export interface RunProcesses {
  /** Processes that belong to the run and end with it. */
  readonly members: readonly ProcessInfo[];
  /** Started by the run for the user, like a browser: reported, but never signalled. */
  readonly detachedHelpers: readonly ProcessInfo[];
  /** In the tree, but of another user (`sudo` in a service): Candle may not signal them, so it only reports them. */
  readonly outOfReach: readonly ProcessInfo[];
}

/**
 * Finds the processes that belong to a run. Pure.
 *
 * The calling process (`run.never`) is not a member, because `candle kill` called inside the service cannot wait for
 * its own exit. The shells above it were started by the run and are members.
 */
export function membersOf(snapshot: readonly ProcessInfo[], run: RunMarks): RunProcesses {
  return sortTied(tiedProcesses(snapshot, run), run);
}

export function sortTied({ tied, shimGroupIsOurs }: TiedProcesses, run: RunMarks): RunProcesses {
  const reachable = tied.filter((process) => mayBeMember(process, run));
  const foreignSessions = Map.groupBy(
    reachable.filter((process) => !(shimGroupIsOurs && isInShimGroup(process, run.shim))),
    (process) => process.sid,
  );
  const isDetachedHelper = new Set<ProcessInfo>();
  for (const session of foreignSessions.values()) {
    const isPartOfRun = session.some((process) => process.listensOn.length > 0 || isEstablishedMember(process, run));
    if (!isPartOfRun) for (const process of session) isDetachedHelper.add(process);
  }
  return {
    members: reachable.filter((process) => !isDetachedHelper.has(process)),
    detachedHelpers: [...isDetachedHelper],
    outOfReach: tied.filter((process) => !mayBeMember(process, run)),
  };
}

/**
 * Services of root often switch to another user (`gosu node npm start` in a container), and root must still end them.
 */
function mayBeMember(process: ProcessInfo, run: RunMarks): boolean {
  return process.uid === run.uid || run.uid === 0;
}

/**
 * Whether the process is a member regardless of its ports: it shares the run's streams, or it was a member before. The
 * latter ensures that a stop waits for a daemon that closes its port on SIGTERM. A process that has moved to another
 * session since is evaluated again, because a browser looks like a process of the run between its fork and its setsid.
 */
export function isEstablishedMember(process: ProcessInfo, run: RunMarks): boolean {
  return (
    sharesStreams(process, run.runDir) ||
    run.recorded.some((recorded) => isSame(recorded, process) && (recorded.sid ?? process.sid) === process.sid)
  );
}
