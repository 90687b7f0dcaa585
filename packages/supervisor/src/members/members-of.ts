import type { ProcessInfo } from '../system/process-table.ts';
import { isSame, isShim, type RunMarks, sharesStreams } from './run-marks.ts';
import { type TiedProcesses, tiedProcesses } from './tied-processes.ts';

export interface RunProcesses {
  /** They belong to the run and end with it. */
  readonly members: readonly ProcessInfo[];
  /** Started by the run for the person, like a browser: named, never signalled. */
  readonly detachedHelpers: readonly ProcessInfo[];
  /** In the tree, but of another user (`sudo` in a service): we may not signal them, so they are only named. */
  readonly outOfReach: readonly ProcessInfo[];
}

/**
 * Who belongs to a run. Pure: the same snapshot gives the same answer.
 *
 * Of the calling process itself (`run.never`): typed inside the service, `candle kill` cannot wait for its own end, so it
 * is no member; the shells above it were started by the run and are.
 */
export function membersOf(snapshot: readonly ProcessInfo[], run: RunMarks): RunProcesses {
  return sortTied(tiedProcesses(snapshot, run), run);
}

export function sortTied({ tied, shimGroupIsOurs }: TiedProcesses, run: RunMarks): RunProcesses {
  const reachable = tied.filter((process) => mayBeMember(process, run));
  const foreignSessions = Map.groupBy(
    reachable.filter((process) => !(shimGroupIsOurs && isShim(process, run.shim))),
    (process) => process.sid,
  );
  const isDetachedHelper = new Set<ProcessInfo>();
  for (const session of foreignSessions.values()) {
    const works = session.some((process) => process.listensOn.length > 0 || isEstablishedMember(process, run));
    if (!works) for (const process of session) isDetachedHelper.add(process);
  }
  return {
    members: reachable.filter((process) => !isDetachedHelper.has(process)),
    detachedHelpers: [...isDetachedHelper],
    outOfReach: tied.filter((process) => !mayBeMember(process, run)),
  };
}

/** Root's own services often hand themselves to another user (`gosu node npm start` in a container): still root's to end. */
function mayBeMember(process: ProcessInfo, run: RunMarks): boolean {
  return process.uid === run.uid || run.uid === 0;
}

/**
 * A member whatever it listens on: it shares the run's streams, or it was a member before. The latter so that a daemon
 * which closes its port at SIGTERM is still waited for; but once it has moved to another session it is judged anew,
 * because a browser is the run's own process for the instant between its fork and its setsid.
 */
export function isEstablishedMember(process: ProcessInfo, run: RunMarks): boolean {
  return (
    sharesStreams(process, run.runDir) ||
    run.recorded.some((recorded) => isSame(recorded, process) && (recorded.sid ?? process.sid) === process.sid)
  );
}
