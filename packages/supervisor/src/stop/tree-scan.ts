import { type FoundProcesses, findMembers, takeProcessSnapshot } from '../members/find-members.ts';
import { isSame, type RecordedMember, type RunMarks } from '../members/run-marks.ts';
import { ancestorsOf } from '../members/tied-processes.ts';
import type { ProcessInfo, ProcessTable } from '../system/process-table.ts';

export interface TreeState extends FoundProcesses {
  /** The group to signal as a whole; undefined if it is not ours or contains a process that must not be signalled. */
  readonly group: number | undefined;
  /** Members that cannot exit before the calling process does: shells of the run from which Candle was called. */
  readonly waitForCaller: readonly ProcessInfo[];
}

export type TreeScan = (ports?: 'read' | 'skip') => TreeState;

/**
 * Scans one tree repeatedly. A process that was once found to be a member remains one, even if it detaches while it
 * exits.
 */
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

/**
 * Shells handle a signal only after the command that they called has finished. Other programs keep running while they
 * wait.
 */
const shells = new Set(['sh', 'dash', 'bash', 'zsh', 'ksh', 'mksh', 'ash', 'busybox', 'fish']);

function shellsAboveCaller({ processSnapshot, members }: FoundProcesses, { never }: RunMarks): readonly ProcessInfo[] {
  const callers = ancestorsOf(never, new Map(processSnapshot.processes.map((process) => [process.pid, process])));
  return members.filter(({ pid, command }) => callers.has(pid) && shells.has(command));
}

function signalableGroup({ processSnapshot, members, outOfReach }: FoundProcesses, run: RunMarks): number | undefined {
  const { shim } = run;
  if (shim === undefined) return undefined;
  // The kernel does not deliver our signals to processes out of reach.
  const mayBeSignalled = new Set([...members, ...outOfReach].map((process) => process.pid));
  const hasStranger = processSnapshot.processes.some(
    (process) => process.pgid === shim.pid && !process.isZombie && !mayBeSignalled.has(process.pid),
  );
  return hasStranger ? undefined : shim.pid;
}

/** Members that a signal to the group does not reach. */
export function membersOutsideGroup({ members, group }: TreeState): ProcessInfo[] {
  return members.filter((process) => process.pgid !== group);
}
