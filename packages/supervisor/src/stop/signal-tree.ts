import type { ProcessIdentity, ProcessInfo, ProcessTable } from '../system/process-table.ts';
import type { SendSignal, SignalResult } from '../system/send-signal.ts';
import type { WaitClock } from '../system/wait-clock.ts';
import { membersOutsideGroup, type TreeScan, type TreeState } from './tree-scan.ts';

export interface SignalEffects {
  readonly processTable: ProcessTable;
  readonly sendSignal: SendSignal;
}

/** Signals the tree: the group as a whole, and the members outside the group one by one. */
export function signalTree(tree: TreeState, signal: NodeJS.Signals, effects: SignalEffects): void {
  if (tree.group !== undefined && isGroupAlive(tree, effects)) {
    effects.sendSignal(-tree.group, signal);
    // A suspended process handles no signal until it is continued.
    if (tree.members.some((process) => process.pgid === tree.group && process.isStopped)) {
      effects.sendSignal(-tree.group, 'SIGCONT');
    }
  }
  for (const process of membersOutsideGroup(tree)) {
    signalProcess(process, signal, effects);
    if (process.isStopped) signalProcess(process, 'SIGCONT', effects);
  }
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
 * running, new processes are not signalled, because they may be part of its cleanup.
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
  const signalled = new Set(first.members.map(keyOf));
  for (const pauseMs of scanPausesMs) {
    await effects.clock.sleep(pauseMs);
    const { members } = scan('skip');
    if (members.length === 0) return;
    for (const process of members.filter((member) => !signalled.has(keyOf(member)))) {
      signalled.add(keyOf(process));
      signalProcess(process, signal, effects);
    }
  }
}

/**
 * Includes the command, because a shell that caught the signal and then replaced itself (`exec`) has lost the signal.
 */
function keyOf({ pid, startToken, command }: ProcessInfo): string {
  return `${pid} ${startToken} ${command}`;
}
