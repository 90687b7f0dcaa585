import type { ListeningSockets, ProcessInfo, ProcessTable } from '../system/process-table.ts';
import { isSettledMember, type RunProcesses, sortTied } from './members-of.ts';
import { isAtGuard, type RunMarks } from './run-marks.ts';
import { type TiedProcesses, tiedProcesses } from './tied-processes.ts';

/** One look at the machine, to be shared by the searches for several runs. */
export interface ProcessView {
  readonly processes: readonly ProcessInfo[];
  /** Looked up at the first call only: some milliseconds. */
  readonly sockets: () => ListeningSockets;
}

export interface FoundProcesses extends RunProcesses {
  readonly view: ProcessView;
  readonly guardGroupIsOurs: boolean;
}

/** `since`: start token of the (oldest) guard whose run is searched for. */
export function viewProcesses(table: ProcessTable, since?: string | undefined): ProcessView {
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
export function findMembers(view: ProcessView, run: RunMarks, ports: 'look' | 'skip' = 'look'): FoundProcesses {
  let found = tiedProcesses(view.processes, run);
  const asked = ports === 'look' ? processesToAsk(found, view, run) : [];
  if (asked.length > 0) {
    const listensOn = new Map(asked.map((process) => [process.pid, view.sockets().portsOf(process.pid)]));
    const processes = view.processes.map((process) => ({ ...process, listensOn: listensOn.get(process.pid) ?? [] }));
    found = tiedProcesses(processes, run);
  }
  return { ...sortTied(found, run), guardGroupIsOurs: found.guardGroupIsOurs, view };
}

/** Of whom it matters on what they listen: the doubtful ones, and anybody when a stranger to the run holds its port. */
function processesToAsk({ tied, eligible, guardGroupIsOurs }: TiedProcesses, view: ProcessView, run: RunMarks) {
  const doubtful = tied.filter(
    (process) => !(guardGroupIsOurs && isAtGuard(process, run.guard)) && !isSettledMember(process, run),
  );
  const { port } = run;
  if (port === undefined || !run.portTestedFree || run.guard === undefined) return doubtful;
  const sockets = view.sockets();
  if (!sockets.on(port).some((holder) => holder.uid === run.uid)) return doubtful;
  if (tied.some((process) => sockets.portsOf(process.pid).includes(port))) return doubtful;
  return eligible.filter((process) => process.uid === run.uid);
}
