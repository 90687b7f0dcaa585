import type { ProcessIdentity, ProcessInfo } from '../system/process-table.ts';
import type { WaitClock } from '../system/wait-clock.ts';
import { type SignalEffects, signalProcess } from './signal-tree.ts';
import type { TreeScan, TreeState } from './tree-scan.ts';

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
