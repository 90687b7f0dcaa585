import type { Run } from '@candle/core';
import { findMembers, viewProcesses } from '../members/find-members.ts';
import { marksOfRun } from '../observe/marks-of-run.ts';
import type { Supervision } from '../supervision.ts';
import { portAccepts } from '../system/port-accepts.ts';
import type { ProbeOptions, ReadyProbe } from './ready-probe.ts';

/** Somebody accepts connections on the port; never binds, which could take it from a service that is just starting. */
export function openPortProbe(port: number): ReadyProbe {
  return {
    awaited: `port ${port} does not accept connections`,
    look: () => portAccepts(port),
    close: () => undefined,
  };
}

/** One of the run's own processes listens on its reserved port. */
export function openReservedPortProbe(supervision: Supervision, run: Run, options: ProbeOptions): ReadyProbe {
  const { port } = run;
  const nobody = `it does not accept connections on port ${port}`;
  let awaited = nobody;
  return {
    get awaited() {
      return awaited;
    },
    look: async () => {
      // The connection costs microseconds, the look at processes and their open files some milliseconds.
      const accepts = port !== null && (await portAccepts(port));
      const isReady = accepts && (await mayBeHeldByRun(supervision, run, port, options));
      awaited = accepts && !isReady ? `port ${port} is held by a process that is not its own` : nobody;
      return isReady;
    },
    close: () => undefined,
  };
}

/**
 * Is nobody known to listen on a port who does not belong to the run? A listener of another user counts as the run's: it is
 * the proxy of a container that the service has started, and only the kernel knows whose. So does one that no table shows:
 * a port that the kernel forwards (docker without a proxy).
 */
export async function mayBeHeldByRun(
  supervision: Supervision,
  run: Run,
  port: number,
  { view }: ProbeOptions = {},
): Promise<boolean> {
  const holders = supervision.processes.listening().on(port);
  if (holders.length === 0 || holders.some(({ uid }) => uid !== process.geteuid?.())) return true;
  const marks = await marksOfRun(supervision, run);
  if (!marks) return false;
  const seen = view?.() ?? viewProcesses(supervision.processes, marks.guard?.startToken);
  return findMembers(seen, marks).members.some(({ pid }) => seen.sockets().portsOf(pid).includes(port));
}
