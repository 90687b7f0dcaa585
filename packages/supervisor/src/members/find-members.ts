import type { ListeningSockets, ProcessInfo, ProcessTable } from '../system/process-table.ts';
import { isEstablishedMember, type RunProcesses, sortTied } from './members-of.ts';
import { isInShimGroup, type RunMarks } from './run-marks.ts';
import { type TiedProcesses, tiedProcesses } from './tied-processes.ts';

/** A snapshot of all processes, to share between the searches for several runs. */
export interface ProcessSnapshot {
  readonly processes: readonly ProcessInfo[];
  /** Read on the first call, which takes a few milliseconds, and then cached. */
  readonly sockets: () => ListeningSockets;
}

export interface FoundProcesses extends RunProcesses {
  readonly processSnapshot: ProcessSnapshot;
  readonly shimGroupIsOurs: boolean;
}

/** `since`: start token of the (oldest) shim whose run is searched for. */
export function takeProcessSnapshot(table: ProcessTable, since?: string | undefined): ProcessSnapshot {
  const processes = table.snapshot({ since });
  let sockets: ListeningSockets | undefined;
  return {
    processes,
    sockets: () => {
      sockets ??= table.listening();
      return sockets;
    },
  };
}

/**
 * Finds the processes of a run, reading as few open sockets as the rules need.
 * `ports: 'skip'` reads none: cheaper, but misses a daemon that is recognised only by the port it listens on.
 */
export function findMembers(
  processSnapshot: ProcessSnapshot,
  run: RunMarks,
  ports: 'read' | 'skip' = 'read',
): FoundProcesses {
  let found = tiedProcesses(processSnapshot.processes, run);
  const undecided = ports === 'read' ? processesWithRelevantPorts(found, processSnapshot, run) : [];
  if (undecided.length > 0) {
    const listensOn = new Map(
      undecided.map((process) => [process.pid, processSnapshot.sockets().portsOf(process.pid)]),
    );
    const processes = processSnapshot.processes.map((process) => ({
      ...process,
      listensOn: listensOn.get(process.pid) ?? [],
    }));
    found = tiedProcesses(processes, run);
  }
  return { ...sortTied(found, run), shimGroupIsOurs: found.shimGroupIsOurs, processSnapshot };
}

/**
 * The processes whose ports decide whether they are members: the undecided ones, and all eligible ones if a process
 * that is not tied to the run listens on its port.
 */
function processesWithRelevantPorts(
  { tied, eligible, shimGroupIsOurs }: TiedProcesses,
  processSnapshot: ProcessSnapshot,
  run: RunMarks,
) {
  const undecided = tied.filter(
    (process) => !(shimGroupIsOurs && isInShimGroup(process, run.shim)) && !isEstablishedMember(process, run),
  );
  const { port } = run;
  if (port === undefined || !run.portTestedFree || run.shim === undefined) return undecided;
  const sockets = processSnapshot.sockets();
  if (!sockets.on(port).some((owner) => owner.uid === run.uid)) return undecided;
  if (tied.some((process) => sockets.portsOf(process.pid).includes(port))) return undecided;
  return eligible.filter((process) => process.uid === run.uid);
}
