import type { Run } from '@candle/core';
import type { ProcessInfo } from '../system/process-table.ts';

/** What a stop tells before it is over. */
export type StopEvent =
  | { readonly kind: 'waiting'; readonly processes: readonly Pick<ProcessInfo, 'pid' | 'command'>[] }
  /** The stop goes on without it. `problem` is a clause: "it exited with code 1". */
  | { readonly kind: 'stopCommandFailed'; readonly problem: string };

export type OnWaiting = (run: Run, news: StopEvent) => void;

export function stopCommandRuns(pid: number): StopEvent {
  return { kind: 'waiting', processes: [{ pid, command: 'its stopCommand' }] };
}
