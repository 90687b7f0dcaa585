import type { ReadyTarget } from '@candle/core/config';
import { noteTls, type Run, runDir } from '@candle/core/runs';
import { isInOtherNetwork, type Launch } from '../launch/launch.ts';
import { takeMachineSnapshot } from '../members/find-members.ts';
import { ageOf } from '../observe/observe-run.ts';
import { inspectPort, portAccepts } from '../port-check/inspect-port.ts';
import { servesPort } from '../port-check/port-check.ts';
import type { Supervision } from '../supervision.ts';
import { openExecProbe } from './exec-probe.ts';
import { openHttpProbe } from './http-probe.ts';
import { openLogProbe } from './log-probe.ts';
import type { ProbeOptions, ReadyProbe } from './ready-probe.ts';

type AwaitedTarget =
  | ReadyTarget
  /** The default check without a reservation: the run listens on any port, or its start is confirmed without that. */
  | { readonly kind: 'any-port' };

/** What the check of this run tests. */
export function readyTargetOf(run: Pick<Run, 'port'>, { ready }: Pick<Launch, 'ready'>): AwaitedTarget {
  return ready.kind === 'reserved-port' && run.port === null ? { kind: 'any-port' } : ready;
}

/** What a job still needs to become ready, as part of a sentence. */
export const unfinishedJob = 'it has not ended';

/** Whether the check succeeds only if the run listens on its reserved port. */
export function needsReservedPort(target: Pick<ReadyTarget, 'kind'>): boolean {
  return target.kind === 'reserved-port' || ('target' in target && String(target.target).startsWith('/'));
}

/** Whether this process can repeat a check that has succeeded. The line of a log check may have been evicted since. */
export function isRepeatable(launch: Pick<Launch, 'ready' | 'context'>): boolean {
  return launch.ready.kind !== 'log' && !isInOtherNetwork(launch);
}

/** A program that fails immediately (a typo, a missing module, a port in use) has exited by then. */
export const startGraceMs = 500;
const listenTimeoutMs = 3_000;
const readyTimeoutMs = 5_000;

/**
 * How long a start waits until the outcome is known. A run without a check cannot show that it has started, so it only has to
 * stay alive; one that may yet listen, and so may yet fail to, gets longer.
 */
export function confirmTimeoutOf({ kind }: AwaitedTarget): number {
  if (kind === 'none') return startGraceMs;
  return kind === 'any-port' ? listenTimeoutMs : readyTimeoutMs;
}

/** Opens the probe for an active run. */
export function openReadyProbe(
  supervision: Supervision,
  run: Run,
  launch: Pick<Launch, 'ready' | 'env' | 'rootIdentity'>,
  options: ProbeOptions = {},
): ReadyProbe {
  const target = readyTargetOf(run, launch);
  switch (target.kind) {
    case 'none':
      return openStartProbe(supervision, run, target);
    case 'any-port':
      return openListenProbe(supervision, run, options);
    case 'reserved-port':
      return openReservedPortProbe(supervision, run, options);
    case 'done':
      // The wait ends with the run.
      return { awaited: unfinishedJob, check: async () => false, close: () => undefined };
    case 'port':
      return openPortProbe(target.port);
    case 'http':
      return openHttpProbe(target.target, {
        ...run,
        onReady: (isUsed) => noteTls(runDir(supervision.stateDir, run.id), isUsed),
      });
    case 'log':
      return openLogProbe(supervision, run, target);
    case 'exec':
      return openExecProbe(run, { ...launch, shell: target.shell, intervalMs: launch.ready.intervalMs });
  }
}

/**
 * Ready when any process accepts connections on the port. Never binds the port, because that could take it from a
 * service that is just starting.
 */
function openPortProbe(port: number): ReadyProbe {
  return {
    awaited: `port ${port} does not accept connections`,
    check: () => portAccepts(port),
    close: () => undefined,
  };
}

/** Ready when one of the run's own processes listens on its reserved port. */
function openReservedPortProbe(supervision: Supervision, run: Run, options: ProbeOptions): ReadyProbe {
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

/** For a service without a check: ready as soon as its start is confirmed. */
function openStartProbe(supervision: Supervision, run: Run, target: AwaitedTarget): ReadyProbe {
  return {
    awaited: 'its start is not confirmed',
    check: async () => {
      const now = await supervision.store.runs.findActive(run.projectDir, run.serviceName);
      return now?.id === run.id && isPastStart(supervision, now, target);
    },
    close: () => undefined,
  };
}

/**
 * Ready when a process of the run listens on any port, or the start is confirmed without that. The processes are searched only
 * if there is a socket that an earlier check has not seen, because the search takes as long as reading the sockets.
 */
function openListenProbe(supervision: Supervision, run: Run, options: ProbeOptions): ReadyProbe {
  const start = openStartProbe(supervision, run, { kind: 'any-port' });
  let seen: ReadonlySet<string> = new Set();
  return {
    ...start,
    check: async () => {
      if (await start.check()) return true;
      const machineSnapshot =
        options.machineSnapshot ?? takeMachineSnapshot(supervision.processes, run.shim?.startToken);
      const { ids } = machineSnapshot.sockets();
      const hasNew = [...ids].some((id) => !seen.has(id));
      seen = ids;
      return hasNew && (await inspectPort(supervision, run, { machineSnapshot })) !== undefined;
    },
  };
}

/**
 * Whether a live run has survived the time in which its start can fail. Does not rely on `confirmedAtMs` alone, because the
 * command that started it may have been killed.
 */
export function isPastStart(
  supervision: Pick<Supervision, 'clock' | 'processes'>,
  run: Run,
  target: AwaitedTarget,
): boolean {
  return run.confirmedAtMs !== null || ageOf(supervision, run) >= confirmTimeoutOf(target);
}
