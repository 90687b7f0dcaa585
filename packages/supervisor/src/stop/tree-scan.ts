import { type FoundProcesses, findMembers, takeProcessSnapshot } from '../members/find-members.ts';
import { isSame, type RecordedMember, type RunMarks } from '../members/run-marks.ts';
import { ancestorsOf } from '../members/tied-processes.ts';
import type { ProcessInfo, ProcessTable } from '../system/process-table.ts';

export interface TreeState extends FoundProcesses {
  /** The group to signal as a whole; undefined when it is not ours, or when something is in it that must not be hit. */
  readonly group: number | undefined;
  /** Members that cannot end before the calling process does: shells of the run in which Candle was typed. */
  readonly waitForCaller: readonly ProcessInfo[];
}

export type TreeScan = (ports?: 'read' | 'skip') => TreeState;

/** Scans of one tree that remember: a process found once to be a member stays one, whatever ties it cuts while it ends. */
export function openTreeScan(run: RunMarks, table: ProcessTable): TreeScan {
  const recorded: RecordedMember[] = [...run.recorded];
  let shimGroupSeen = run.shimGroupSeen ?? false;

  return (ports) => {
    const found = findMembers(
      takeProcessSnapshot(table, run.shim?.startToken),
      { ...run, recorded, shimGroupSeen },
      ports,
    );
    for (const { pid, startToken, sid } of found.members) {
      if (!recorded.some((known) => isSame(known, { pid, startToken }) && known.sid === sid)) {
        recorded.push({ pid, startToken, sid });
      }
    }
    shimGroupSeen ||= found.shimGroupIsOurs;
    return {
      ...found,
      group: found.shimGroupIsOurs ? signalableGroup(found, run) : undefined,
      waitForCaller: shellsAboveCaller(found, run),
    };
  };
}

/** They answer a signal only when the command that they have called is over. Other programs go on while they wait. */
const shells = new Set(['sh', 'dash', 'bash', 'zsh', 'ksh', 'mksh', 'ash', 'busybox', 'fish']);

function shellsAboveCaller({ processSnapshot, members }: FoundProcesses, { never }: RunMarks): readonly ProcessInfo[] {
  const callers = ancestorsOf(never, new Map(processSnapshot.processes.map((process) => [process.pid, process])));
  return members.filter(({ pid, command }) => callers.has(pid) && shells.has(command));
}

function signalableGroup({ processSnapshot, members, outOfReach }: FoundProcesses, run: RunMarks): number | undefined {
  const { shim } = run;
  if (shim === undefined) return undefined;
  // Those out of reach the kernel spares by itself.
  const mayBeHit = new Set([...members, ...outOfReach].map((process) => process.pid));
  const hitsStranger = processSnapshot.processes.some(
    (process) => process.pgid === shim.pid && !process.isZombie && !mayBeHit.has(process.pid),
  );
  return hitsStranger ? undefined : shim.pid;
}

/** Members that a signal to the group does not reach. */
export function membersOutsideGroup({ members, group }: TreeState): ProcessInfo[] {
  return members.filter((process) => process.pgid !== group);
}
