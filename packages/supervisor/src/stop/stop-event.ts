import { printable } from '@candle/core/errors';
import type { Run } from '@candle/core/runs';
import type { SideProgram } from '../members/detached-trees.ts';
import type { ProcessInfo } from '../system/process-table.ts';

/** What is reported while a run is being stopped. */
export type StopEvent =
  | { readonly kind: 'waiting'; readonly processes: readonly Pick<ProcessInfo, 'pid' | 'command'>[] }
  /** It is about to be signalled: a detached program that listens, but is not the service. */
  | ({ readonly kind: 'stopsSideProgram' } & SideProgram)
  /** A daemon that other programs use too, and its workers. */
  | { readonly kind: 'leavesShared'; readonly processes: readonly Pick<ProcessInfo, 'pid' | 'command'>[] }
  /** The stop continues without the stopCommand. `problem` is a clause: "it exited with code 1". */
  | { readonly kind: 'stopCommandFailed'; readonly problem: string };

export type OnWaiting = (run: Run, event: StopEvent) => void;

export function stopCommandRuns(pid: number): StopEvent {
  return { kind: 'waiting', processes: [{ pid, command: 'its stopCommand' }] };
}

/** Processes as part of a sentence: `node (pid 12) and 3 more`. */
export function describeProcesses(processes: readonly Pick<ProcessInfo, 'pid' | 'command'>[]): string {
  const [first, ...others] = processes;
  if (!first) return 'no process';
  return `${printable(first.command)} (pid ${first.pid})${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
