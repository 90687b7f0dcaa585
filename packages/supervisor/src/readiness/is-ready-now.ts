import type { Run } from '@candle/core';
import { isPastGrace } from '../launch/start-grace.ts';
import type { Supervision } from '../supervision.ts';
import { readinessOf } from './await-ready.ts';
import { openReadyProbe, readyTargetOf } from './open-ready-probe.ts';
import type { ProbeOptions } from './ready-probe.ts';

/**
 * Whether a live run is ready, as far as can be determined without sending it requests or running commands. Once
 * recorded, readiness lasts until the run ends. Of the checks, only those for ports are made. Writes nothing.
 */
export async function isReadyNow(supervision: Supervision, run: Run, options: ProbeOptions = {}): Promise<boolean> {
  if (run.status === 'ready') return true;
  if (run.status === 'starting' || run.status === 'stopping') return false;
  const launch = readinessOf(supervision, run);
  const { kind } = readyTargetOf(run, launch);
  if (kind === 'none') return isPastGrace(supervision, run);
  // Whether a detached run was ready before its main program exited is not recorded.
  if (kind !== 'reserved-port' && kind !== 'port') return run.status === 'detached' && run.confirmedAtMs !== null;
  const probe = openReadyProbe(supervision, run, launch, options);
  try {
    return await probe.check();
  } finally {
    probe.close();
  }
}

/** What the readiness check of a run waits for, as part of a sentence: `no response from /health`. */
export function whatIsAwaited(supervision: Supervision, run: Run): string {
  const probe = openReadyProbe(supervision, run, readinessOf(supervision, run));
  probe.close();
  return probe.awaited;
}
