import type { ProcessInfo } from '../system/process-table.ts';
import { barredProcesses } from './barred-processes.ts';
import { beganBefore, isSame, isShim, type RunMarks, sharesStreams, shimPidIs } from './run-marks.ts';

export interface TiedProcesses {
  /** All that hang together with the run, members and bystanders alike, of whatever user. */
  readonly tied: readonly ProcessInfo[];
  /** The guard's session and group are this run's: the guard or a process known by another mark is in them. */
  readonly shimGroupIsOurs: boolean;
  /** What could be tied at all: living, not of another run, not older than the guard. */
  readonly eligible: readonly ProcessInfo[];
}

/** Follows the marks of a run through a snapshot. */
export function tiedProcesses(snapshot: readonly ProcessInfo[], run: RunMarks): TiedProcesses {
  const byPid = new Map(snapshot.map((process) => [process.pid, process]));
  const barred = barredProcesses(byPid, run);
  const eligible = snapshot.filter(
    (process) =>
      process.pid > 1 &&
      !process.isZombie &&
      !run.never.includes(process.pid) &&
      !beganBefore(process, run.shim) &&
      !barred.has(process),
  );
  const shimPid = run.shim && shimPidIs(run.shim, byPid);
  let shimGroupIsOurs = shimPid === 'its' || (shimPid === 'unused' && run.shimGroupSeen === true);
  const tied = new Map<number, ProcessInfo>();

  const spread = () => {
    for (let before = -1; before !== tied.size; ) {
      before = tied.size;
      shimGroupIsOurs ||= shimPid === 'unused' && [...tied.values()].some((process) => isShim(process, run.shim));
      for (const process of eligible) {
        const parent = tied.get(process.ppid);
        const isChild = parent !== undefined && !beganBefore(process, parent);
        if (isChild || (shimGroupIsOurs && isShim(process, run.shim))) tied.set(process.pid, process);
      }
    }
  };

  for (const process of eligible) if (isMarked(process, run)) tied.set(process.pid, process);
  spread();
  const callers = ancestorsOf(run.never, byPid);
  for (const process of eligible) {
    if (holdsReservedPort(process, run) && !callers.has(process.pid) && isDaemon(process, byPid, tied)) {
      tied.set(process.pid, process);
    }
  }
  spread();
  return { tied: [...tied.values()], shimGroupIsOurs, eligible };
}

function isMarked(process: ProcessInfo, run: RunMarks): boolean {
  return (
    isSame(process, run.shim) ||
    process.runId === run.runId ||
    sharesStreams(process, run.runDir) ||
    run.recorded.some((recorded) => isSame(recorded, process))
  );
}

/** The weakest mark, for daemons that cut every other: it took the port that was free when the run began. */
function holdsReservedPort(process: ProcessInfo, run: RunMarks): boolean {
  return (
    run.port !== undefined &&
    run.portTestedFree &&
    run.shim !== undefined &&
    process.uid === run.uid &&
    process.listensOn.includes(run.port)
  );
}

/** A daemon leads its own session, or its leader is gone or the run's. In the living session of a stranger (a terminal) a person started it. */
function isDaemon(
  process: ProcessInfo,
  byPid: ReadonlyMap<number, ProcessInfo>,
  tied: ReadonlyMap<number, ProcessInfo>,
): boolean {
  const leader = byPid.get(process.sid);
  return leader === undefined || leader.isZombie || leader.pid === process.pid || tied.has(leader.pid);
}

/** Of the caller: the terminal or editor in which Candle was typed. The port alone never makes one of them a member. */
export function ancestorsOf(pids: readonly number[], byPid: ReadonlyMap<number, ProcessInfo>): ReadonlySet<number> {
  const ancestors = new Set<number>();
  for (const pid of pids) {
    let parent = byPid.get(pid)?.ppid;
    while (parent !== undefined && !ancestors.has(parent)) {
      ancestors.add(parent);
      parent = byPid.get(parent)?.ppid;
    }
  }
  return ancestors;
}
