import { type FoundProcesses, findMembers, viewProcesses } from '../members/find-members.ts';
import { isSame, type RecordedMember, type RunMarks } from '../members/run-marks.ts';
import type { ProcessInfo, ProcessTable } from '../system/process-table.ts';

export interface TreeState extends FoundProcesses {
  /** The group to signal as a whole; undefined when it is not ours, or when something is in it that must not be hit. */
  readonly group: number | undefined;
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
    return { ...found, group: found.guardGroupIsOurs ? signalableGroup(found, run) : undefined };
  };
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
