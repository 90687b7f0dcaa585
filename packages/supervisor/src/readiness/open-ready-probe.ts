import type { ReadyTarget, Run } from '@candle/core';
import type { Launch } from '../launch/launch.ts';
import type { Supervision } from '../supervision.ts';
import { openExecProbe } from './exec-probe.ts';
import { openHttpProbe } from './http-probe.ts';
import { openLogProbe } from './log-probe.ts';
import { openPortProbe, openReservedPortProbe } from './port-ready-probe.ts';
import type { ProbeOptions, ReadyProbe } from './ready-probe.ts';
import { openStartProbe } from './start-probe.ts';

/** What the check of this run tests. The default check needs a reservation; without one, a confirmed start is enough. */
export function readyTargetOf(run: Pick<Run, 'port'>, { ready }: Pick<Launch, 'ready'>): ReadyTarget {
  return ready.kind === 'reserved-port' && run.port === null ? { kind: 'none' } : ready;
}

/** Opens the probe for an active run. */
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
