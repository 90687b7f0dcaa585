import { type DetachedTree, findDetachedTrees, type TreeUse } from '../members/detached-trees.ts';
import { type FoundProcesses, findMembers, takeProcessSnapshot } from '../members/find-members.ts';
import { ancestorsOf, isSame, type RecordedMember, type RunMarks } from '../members/members-of.ts';
import type { WaitClock } from '../supervision.ts';
import type { ProcessIdentity, ProcessInfo, ProcessTable } from '../system/process-table.ts';
import { isShell } from '../system/process-table.ts';
import type { SendSignal, SignalResult } from '../system/send-signal.ts';

export interface SignalEffects {
  readonly processTable: ProcessTable;
  readonly sendSignal: SendSignal;
}

/** Signals the tree: the group as a whole, and the members outside the group one by one. */
export function signalTree(tree: TreeState, signal: NodeJS.Signals, effects: SignalEffects): void {
  if (tree.group !== undefined && isGroupAlive(tree, effects)) {
    effects.sendSignal(-tree.group, signal);
    if (tree.members.some((process) => process.pgid === tree.group && process.isStopped)) {
      effects.sendSignal(-tree.group, 'SIGCONT');
    }
  }
  for (const process of membersOutsideGroup(tree)) signalMember(process, signal, effects);
}

/** A suspended process handles no signal until it is continued. */
export function signalMember(process: ProcessInfo, signal: NodeJS.Signals, effects: SignalEffects): void {
  signalProcess(process, signal, effects);
  if (process.isStopped) signalProcess(process, 'SIGCONT', effects);
}

/** Signals one process after checking its start time again, because the pid may have been reused since the scan. */
export function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  { processTable, sendSignal }: SignalEffects,
): SignalResult {
  return processTable.isAlive(identity) ? sendSignal(identity.pid, signal) : 'gone';
}

/** Checked again before the group is signalled: its id cannot be reused while any of its members is alive. */
function isGroupAlive({ group, members }: TreeState, { processTable }: SignalEffects): boolean {
  return members.some((process) => process.pgid === group && processTable.isAlive(process));
}

/** In total longer than a shell needs between two commands, even on a busy machine. */
const scanPausesMs = [5, 10, 20, 40, 80];

/**
 * Handles a run that is stopped while it is just starting. A shell that catches the signal between two commands still
 * starts the next one, which never receives the signal and would run until the timeout. If the tree consisted only of
 * shells when it was signalled, the processes that they start afterwards are signalled too. If a program was already
 * running, new processes are not signalled, because they may be part of its cleanup. Neither are those of a shell that was
 * sleeping: it has handled the signal before it starts anything, so it starts them in its trap.
 */
export async function signalNewcomers(
  first: TreeState,
  shim: ProcessIdentity | undefined,
  scan: TreeScan,
  signal: NodeJS.Signals,
  effects: SignalEffects & { readonly clock: WaitClock },
): Promise<void> {
  const shell = first.members.find((process) => process.pid === shim?.pid)?.command;
  if (shell === undefined || first.members.some((process) => process.command !== shell)) return;
  const known = new Set(first.members.map(keyOf));
  // A shell that had just been forked may have lost the signal, also if it executes another program since.
  const forked = new Set(first.members.filter(({ isSleeping }) => !isSleeping).map(({ pid }) => pid));
  // The shim always sleeps, and cleans up nothing.
  const cleaning = new Set(first.members.map(({ pid }) => pid).filter((pid) => !forked.has(pid) && pid !== shim?.pid));
  for (const pauseMs of scanPausesMs) {
    await effects.clock.sleep(pauseMs);
    const { members } = scan('skip');
    if (members.length === 0) return;
    for (const process of members.filter((member) => !known.has(keyOf(member)))) {
      known.add(keyOf(process));
      const isCleaning = cleaning.has(process.pid) || (cleaning.has(process.ppid) && !forked.has(process.pid));
      if (isCleaning) cleaning.add(process.pid);
      else signalProcess(process, signal, effects);
    }
  }
}

/**
 * Includes the command, because a shell that caught the signal and then replaced itself (`exec`) has lost the signal.
 */
function keyOf({ pid, startToken, command }: ProcessInfo): string {
  return `${pid} ${startToken} ${command}`;
}

export interface TreeState extends FoundProcesses {
  /**
   * The group of the program, to signal as a whole; undefined if it is not ours or contains a process that must not be
   * signalled. With a terminal, the shim is outside.
   */
  readonly group: number | undefined;
  readonly shim: ProcessIdentity | undefined;
  readonly detachedTrees: readonly DetachedTree[];
  /** Daemons that other programs use too, with all of their workers. Left running. */
  readonly sharedDaemons: readonly ProcessInfo[];
  /** Members that cannot exit before the calling process does: shells of the run from which Candle was called. */
  readonly waitForCaller: readonly ProcessInfo[];
}

export type TreeScan = (ports?: 'read' | 'skip') => TreeState;

/**
 * Scans one tree repeatedly. A process that was once found to be a member remains one, even if it detaches while it
 * exits, and a detached tree keeps its use.
 */
export function openTreeScan(run: RunMarks, table: ProcessTable): TreeScan {
  const recorded: RecordedMember[] = [...run.recorded];
  const groupsSeen = new Set(run.groupsSeen);
  const uses = new Map<string, TreeUse>();

  return (ports) => {
    const all = findMembers(takeProcessSnapshot(table, run.shim?.startToken), { ...run, recorded, groupsSeen }, ports);
    const detachedTrees = findDetachedTrees(all, run, (process) => uses.get(identityOf(process)));
    // Without its ports, a daemon may look like a program that was opened for the user.
    if (ports !== 'skip') {
      for (const { use, processes } of detachedTrees)
        for (const process of processes) uses.set(identityOf(process), use);
    }
    const found = { ...all, ...sortByUse(all, detachedTrees) };
    for (const { pid, startToken, sid } of found.members) {
      if (!recorded.some((known) => isSame(known, { pid, startToken }) && known.sid === sid)) {
        recorded.push({ pid, startToken, sid });
      }
    }
    for (const group of found.groups) groupsSeen.add(group);
    return {
      ...found,
      detachedTrees,
      group: signalableGroup(found, run),
      shim: run.shim,
      waitForCaller: shellsAboveCaller(found, run),
    };
  };
}

function identityOf({ pid, startToken }: ProcessIdentity): string {
  return `${pid} ${startToken}`;
}

function sortByUse(
  { members }: FoundProcesses,
  trees: readonly DetachedTree[],
): Pick<TreeState, 'members' | 'detachedHelpers' | 'sharedDaemons'> {
  const ofUse = (use: TreeUse) => trees.filter((tree) => tree.use === use).flatMap(({ processes }) => processes);
  const [own, sharedDaemons, detachedHelpers] = [ofUse('own'), ofUse('shared'), ofUse('opened')];
  const detached = new Set([...own, ...sharedDaemons, ...detachedHelpers]);
  return { members: [...members.filter((process) => !detached.has(process)), ...own], sharedDaemons, detachedHelpers };
}

/** Shells handle a signal only after the command that they called has finished. Other programs keep running while they wait. */
function shellsAboveCaller({ processSnapshot, members }: FoundProcesses, { never }: RunMarks): readonly ProcessInfo[] {
  const callers = ancestorsOf(never, new Map(processSnapshot.processes.map((process) => [process.pid, process])));
  return members.filter(({ pid, command }) => callers.has(pid) && isShell(command));
}

function signalableGroup(
  { processSnapshot, members, outOfReach, groups }: FoundProcesses,
  { shim, session }: RunMarks,
): number | undefined {
  const group = [session, shim?.pid].find((pid) => pid !== undefined && groups.has(pid));
  if (group === undefined) return undefined;
  // The kernel does not deliver our signals to processes out of reach.
  const mayBeSignalled = new Set([...members, ...outOfReach].map((process) => process.pid));
  const hasStranger = processSnapshot.processes.some(
    (process) => process.pgid === group && !process.isZombie && !mayBeSignalled.has(process.pid),
  );
  return hasStranger ? undefined : group;
}

/** Members that a signal to the group does not reach. */
export function membersOutsideGroup({ members, group }: TreeState): ProcessInfo[] {
  return members.filter((process) => process.pgid !== group);
}
