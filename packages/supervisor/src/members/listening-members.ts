import type { Listener, ProcessInfo } from '../system/process-table.ts';
import { findMembers, type ProcessSnapshot } from './find-members.ts';
import type { RunMarks } from './run-marks.ts';

/** A socket that a process of a run listens on. */
export interface MemberListener extends Listener {
  readonly process: ProcessInfo;
}

/** The sockets that the processes of a run listen on, oldest process first. */
export function listeningMembers(processSnapshot: ProcessSnapshot, marks: RunMarks): readonly MemberListener[] {
  return listenersOf(processSnapshot, findMembers(processSnapshot, marks).members);
}

/** The sockets that these processes listen on, oldest process first. */
export function listenersOf(
  processSnapshot: ProcessSnapshot,
  processes: readonly ProcessInfo[],
): readonly MemberListener[] {
  return processes.toSorted(byAge).flatMap((process) =>
    processSnapshot
      .sockets()
      .listenersOf(process.pid)
      .map((listener) => ({ ...listener, process })),
  );
}

function byAge(a: ProcessInfo, b: ProcessInfo): number {
  return Number(a.startToken) - Number(b.startToken) || a.pid - b.pid;
}
