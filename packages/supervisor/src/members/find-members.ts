import type { ListeningSockets, ProcessInfo, ProcessTable } from '../system/process-table.ts';
import { isEstablishedMember, type RunProcesses, sortTied } from './members-of.ts';
import { isShim, type RunMarks } from './run-marks.ts';
import { type TiedProcesses, tiedProcesses } from './tied-processes.ts';

/** One look at the machine, to be shared by the searches for several runs. */
export interface ProcessSnapshot {
  readonly processes: readonly ProcessInfo[];
  /** Looked up at the first call only: some milliseconds. */
  readonly sockets: () => ListeningSockets;
}

export interface FoundProcesses extends RunProcesses {
  readonly processSnapshot: ProcessSnapshot;
  readonly shimGroupIsOurs: boolean;
}

/** `since`: start token of the (oldest) guard whose run is searched for. */
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
 * The processes of a run, with as few looks at open sockets as the rules need.
 * `ports: 'skip'` makes none: cheaper, but a daemon that is known by its listener alone is missed.
 */
export function findMembers(
  processSnapshot: ProcessSnapshot,
  run: RunMarks,
  ports: 'read' | 'skip' = 'read',
): FoundProcesses {
  let found = tiedProcesses(processSnapshot.processes, run);
  const asked = ports === 'read' ? processesToAsk(found, processSnapshot, run) : [];
  if (asked.length > 0) {
    const listensOn = new Map(asked.map((process) => [process.pid, processSnapshot.sockets().portsOf(process.pid)]));
    const processes = processSnapshot.processes.map((process) => ({
      ...process,
      listensOn: listensOn.get(process.pid) ?? [],
    }));
    found = tiedProcesses(processes, run);
  }
  return { ...sortTied(found, run), shimGroupIsOurs: found.shimGroupIsOurs, processSnapshot };
}

/** Of whom it matters on what they listen: the doubtful ones, and anybody when a stranger to the run holds its port. */
function processesToAsk(
  { tied, eligible, shimGroupIsOurs }: TiedProcesses,
  processSnapshot: ProcessSnapshot,
  run: RunMarks,
) {
  const doubtful = tied.filter(
    (process) => !(shimGroupIsOurs && isShim(process, run.shim)) && !isEstablishedMember(process, run),
  );
  const { port } = run;
  if (port === undefined || !run.portTestedFree || run.shim === undefined) return doubtful;
  const sockets = processSnapshot.sockets();
  if (!sockets.on(port).some((owner) => owner.uid === run.uid)) return doubtful;
  if (tied.some((process) => sockets.portsOf(process.pid).includes(port))) return doubtful;
  return eligible.filter((process) => process.uid === run.uid);
}
