import type { ProcessIdentity, ProcessInfo } from '../system/process-table.ts';
import type { WaitClock } from '../system/wait-clock.ts';
import { type SignalEffects, signalProcess } from './signal-tree.ts';
import type { TreeScan, TreeState } from './tree-scan.ts';

/** Together longer than a shell needs, also on a busy machine, from one command to the start of the next. */
const scanPausesMs = [5, 10, 20, 40, 80];

/**
 * For a run that is stopped while it only begins. A shell that catches the signal between two commands starts the next
 * one all the same, which was born too late for the signal; it would run until the timeout. So while a tree was nothing
 * but shells when it was signalled, what they start is signalled too. Never once a program runs: what appears then may
 * be its own clean-up.
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

/** With the command: a shell that caught the signal and then became its program (`exec`) has forgotten it. */
function keyOf({ pid, startToken, command }: ProcessInfo): string {
  return `${pid} ${startToken} ${command}`;
}
