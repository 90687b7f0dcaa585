import type { ProcessIdentity, ProcessTable } from '../system/process-table.ts';
import type { SendSignal, SignalResult } from '../system/send-signal.ts';
import { membersOutsideGroup, type TreeState } from './tree-scan.ts';

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
