import type { ReadyTarget, Run } from '@candle/core';
import type { Launch } from '../launch/launch.ts';
import type { MachineSnapshot } from '../members/machine-snapshot.ts';
import type { Supervision } from '../supervision.ts';
import { openExecProbe } from './exec-probe.ts';
import { openHttpProbe } from './http-probe.ts';
import { openLogProbe } from './log-probe.ts';
import { openPortProbe, openReservedPortProbe } from './port-ready-probe.ts';
import { openStartProbe } from './start-probe.ts';

/** Looks whether one run is ready; what it has seen before, it remembers. Close it. */
export interface ReadyProbe {
  /** Is it ready now? One look at a time, and none that lasts. */
  check(): Promise<boolean>;
  /** What the last look has missed, as a part of a sentence: `no answer from /health`. */
  readonly awaited: string;
  /** Lets go of what is open. A look that is under way ends, and says no. */
  close(): void;
}

export interface ProbeOptions {
  /** One look at the machine for several runs; left out, each look is a new one. */
  readonly machineSnapshot?: MachineSnapshot | undefined;
}

/** What has to be seen of this run: the default check needs a reservation, without one the start itself is all there is. */
export function readyTargetOf(run: Pick<Run, 'port'>, { ready }: Pick<Launch, 'ready'>): ReadyTarget {
  return ready.kind === 'reserved-port' && run.port === null ? { kind: 'none' } : ready;
}

/** The probe of a run that is active. */
export function openReadyProbe(
  supervision: Supervision,
  run: Run,
  launch: Pick<Launch, 'ready' | 'env'>,
  options: ProbeOptions = {},
): ReadyProbe {
  const target = readyTargetOf(run, launch);
  switch (target.kind) {
    case 'none':
      return openStartProbe(supervision, run);
    case 'reserved-port':
      return openReservedPortProbe(supervision, run, options);
    case 'port':
      return openPortProbe(target.port);
    case 'http':
      return openHttpProbe(target.target, run.port);
    case 'log':
      return openLogProbe(supervision, run, target);
    case 'exec':
      return openExecProbe(run, { shell: target.shell, env: launch.env, intervalMs: launch.ready.intervalMs });
  }
}
