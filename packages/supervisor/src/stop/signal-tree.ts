import type { ProcessIdentity, ProcessTable } from '../system/process-table.ts';
import type { SendSignal, SignalResult } from '../system/send-signal.ts';
import { membersOutsideGroup, type TreeState } from './tree-scan.ts';

export interface SignalEffects {
  readonly processTable: ProcessTable;
  readonly sendSignal: SendSignal;
}

/** Asks the tree to end: the group as a whole, the members outside it one by one. */
export function signalTree(tree: TreeState, signal: NodeJS.Signals, effects: SignalEffects): void {
  if (tree.group !== undefined && isGroupStill(tree, effects)) {
    effects.sendSignal(-tree.group, signal);
    // A stopped process takes no signal before it continues.
    if (tree.members.some((process) => process.pgid === tree.group && process.isStopped)) {
      effects.sendSignal(-tree.group, 'SIGCONT');
    }
  }
  for (const process of membersOutsideGroup(tree)) {
    signalProcess(process, signal, effects);
    if (process.isStopped) signalProcess(process, 'SIGCONT', effects);
  }
}

/** Signals one process after one more look at its start time: the pid may have been handed on since the scan. */
export function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  { processTable, sendSignal }: SignalEffects,
): SignalResult {
  return processTable.isAlive(identity) ? sendSignal(identity.pid, signal) : 'gone';
}

/** One more look before a group is signalled: as long as any of its members is alive its id cannot have been handed on. */
function isGroupStill({ group, members }: TreeState, { processTable }: SignalEffects): boolean {
  return members.some((process) => process.pgid === group && processTable.isAlive(process));
}
