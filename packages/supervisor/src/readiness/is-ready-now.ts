import type { Run } from '@candle/core';
import { isPastGrace } from '../launch/start-grace.ts';
import type { Supervision } from '../supervision.ts';
import { readinessOf } from './await-ready.ts';
import { openReadyProbe, type ProbeOptions, readyTargetOf } from './ready-probe.ts';

/**
 * Is a living run ready, as far as can be told without asking it anything? Once seen it stays so until the run ends. Of
 * what nobody has seen yet only ports are looked at. Writes nothing.
 */
export async function isReadyNow(supervision: Supervision, run: Run, options: ProbeOptions = {}): Promise<boolean> {
  if (run.status === 'ready') return true;
  if (run.status === 'starting' || run.status === 'stopping') return false;
  const launch = readinessOf(supervision, run);
  const { kind } = readyTargetOf(run, launch);
  if (kind === 'none') return isPastGrace(supervision, run);
  // What was ready before its main program ended, nobody has written down.
  if (kind !== 'reserved-port' && kind !== 'port') return run.status === 'detached' && run.confirmedAtMs !== null;
  const probe = openReadyProbe(supervision, run, launch, options);
  try {
    return await probe.check();
  } finally {
    probe.close();
  }
}

/** What the readiness of a run asks for, as a part of a sentence: `no answer from /health`. */
export function whatIsAwaited(supervision: Supervision, run: Run): string {
  const probe = openReadyProbe(supervision, run, readinessOf(supervision, run));
  probe.close();
  return probe.awaited;
}
