import type { Listener, ListeningSockets, ProcessInfo, ProcessTable } from '../system/process-table.ts';
import {
  isEstablishedMember,
  isInOwnGroup,
  type OwnGroups,
  type RunMarks,
  type RunProcesses,
  sortTied,
  type TiedProcesses,
  tiedProcesses,
} from './members-of.ts';

/** A snapshot of all processes, to share between the searches for several runs. */
export interface ProcessSnapshot {
  readonly processes: readonly ProcessInfo[];
  /** Read on the first call, which takes a few milliseconds, and then cached. */
  readonly sockets: () => ListeningSockets;
}

export interface FoundProcesses extends RunProcesses, OwnGroups {
  readonly processSnapshot: ProcessSnapshot;
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
  const { groups, terminal } = found;
  return { ...sortTied(found, run), groups, terminal, processSnapshot };
}

/**
 * The processes whose ports decide whether they are members: the undecided ones, and all eligible ones if a process
 * that is not tied to the run listens on its port.
 */
function processesWithRelevantPorts(
  { tied, eligible, ...own }: TiedProcesses,
  processSnapshot: ProcessSnapshot,
  run: RunMarks,
) {
  const undecided = tied.filter((process) => !isInOwnGroup(process, own) && !isEstablishedMember(process, run, own));
  const { port } = run;
  if (port === undefined || !run.portTestedFree || run.shim === undefined) return undecided;
  const sockets = processSnapshot.sockets();
  if (!sockets.on(port).some((owner) => owner.uid === run.uid)) return undecided;
  if (tied.some((process) => sockets.portsOf(process.pid).includes(port))) return undecided;
  return eligible.filter((process) => process.uid === run.uid);
}

/** A snapshot of the machine to share between many queries: each part is read on first use and then cached. */
export interface MachineSnapshot {
  /** Takes a few milliseconds. */
  readonly sockets: () => ListeningSockets;
  /** Takes a few more milliseconds; contains the same sockets. */
  readonly processSnapshot: () => ProcessSnapshot;
}

/** `since`: start token of the (oldest) shim of the runs in question. */
export function takeMachineSnapshot(table: ProcessTable, since?: string | undefined): MachineSnapshot {
  let sockets: ListeningSockets | undefined;
  let processSnapshot: ProcessSnapshot | undefined;
  const snapshot: MachineSnapshot = {
    sockets: () => {
      sockets ??= table.listening();
      return sockets;
    },
    processSnapshot: () => {
      processSnapshot ??= { ...takeProcessSnapshot(table, since), sockets: snapshot.sockets };
      return processSnapshot;
    },
  };
  return snapshot;
}

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
