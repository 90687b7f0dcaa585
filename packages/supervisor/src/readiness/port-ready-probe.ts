import type { Run } from '@candle/core';
import { servesPort } from '../port-check/decide-port-check.ts';
import { inspectPort } from '../port-check/inspect-port.ts';
import type { Supervision } from '../supervision.ts';
import { portAccepts } from '../system/port-accepts.ts';
import type { ProbeOptions, ReadyProbe } from './ready-probe.ts';

/**
 * Ready when any process accepts connections on the port. Never binds the port, because that could take it from a
 * service that is just starting.
 */
export function openPortProbe(port: number): ReadyProbe {
  return {
    awaited: `port ${port} does not accept connections`,
    check: () => portAccepts(port),
    close: () => undefined,
  };
}

/** Ready when one of the run's own processes listens on its reserved port. */
export function openReservedPortProbe(supervision: Supervision, run: Run, options: ProbeOptions): ReadyProbe {
  const { port } = run;
  const noListener = `it does not accept connections on port ${port}`;
  let awaited = noListener;
  return {
    get awaited() {
      return awaited;
    },
    check: async () => {
      // Connecting takes microseconds; reading processes and their open files takes milliseconds.
      const accepts = port !== null && (await portAccepts(port));
      const inspected = accepts ? await inspectPort(supervision, run, options) : undefined;
      const isReady = inspected !== undefined && servesPort(inspected.portCheck);
      awaited = accepts && !isReady ? `port ${port} is in use by a process that does not belong to it` : noListener;
      return isReady;
    },
    close: () => undefined,
  };
}
