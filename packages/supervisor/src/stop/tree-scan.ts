import { type FoundProcesses, findMembers, viewProcesses } from '../members/find-members.ts';
import { isSame, type RecordedMember, type RunMarks } from '../members/run-marks.ts';
import { ancestorsOf } from '../members/tied-processes.ts';
import type { ProcessInfo, ProcessTable } from '../system/process-table.ts';

export interface TreeState extends FoundProcesses {
  /** The group to signal as a whole; undefined when it is not ours, or when something is in it that must not be hit. */
  readonly group: number | undefined;
  /** Members that cannot end before the calling process does: shells of the run in which Candle was typed. */
  readonly waitForCaller: readonly ProcessInfo[];
}

export type TreeScan = (ports?: 'look' | 'skip') => TreeState;

/** Scans of one tree that remember: a process found once to be a member stays one, whatever ties it cuts while it ends. */
export function openTreeScan(run: RunMarks, table: ProcessTable): TreeScan {
  const recorded: RecordedMember[] = [...run.recorded];
  let guardGroupSeen = run.guardGroupSeen ?? false;

  return (ports) => {
    const found = findMembers(viewProcesses(table, run.guard?.startToken), { ...run, recorded, guardGroupSeen }, ports);
    for (const { pid, startToken, sid } of found.members) {
      if (!recorded.some((known) => isSame(known, { pid, startToken }) && known.sid === sid)) {
        recorded.push({ pid, startToken, sid });
      }
    }
    guardGroupSeen ||= found.guardGroupIsOurs;
    return {
      ...found,
      group: found.guardGroupIsOurs ? signalableGroup(found, run) : undefined,
      waitForCaller: shellsAboveCaller(found, run),
    };
  };
}

/** They answer a signal only when the command that they have called is over. Other programs go on while they wait. */
const shells = new Set(['sh', 'dash', 'bash', 'zsh', 'ksh', 'mksh', 'ash', 'busybox', 'fish']);

function shellsAboveCaller({ view, members }: FoundProcesses, { never }: RunMarks): readonly ProcessInfo[] {
  const callers = ancestorsOf(never, new Map(view.processes.map((process) => [process.pid, process])));
  return members.filter(({ pid, command }) => callers.has(pid) && shells.has(command));
}

function signalableGroup({ view, members, outOfReach }: FoundProcesses, run: RunMarks): number | undefined {
  const { guard } = run;
  if (guard === undefined) return undefined;
  // Those out of reach the kernel spares by itself.
  const mayBeHit = new Set([...members, ...outOfReach].map((process) => process.pid));
  const hitsStranger = view.processes.some(
    (process) => process.pgid === guard.pid && !process.isZombie && !mayBeHit.has(process.pid),
  );
  return hitsStranger ? undefined : guard.pid;
}

/** Members that a signal to the group does not reach. */
export function membersOutsideGroup({ members, group }: TreeState): ProcessInfo[] {
  return members.filter((process) => process.pgid !== group);
}
