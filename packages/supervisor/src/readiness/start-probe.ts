import type { Run } from '@candle/core';
import { isPastGrace } from '../launch/start-grace.ts';
import type { Supervision } from '../supervision.ts';
import type { ReadyProbe } from './ready-probe.ts';

/** For a service without a check: ready as soon as its start is confirmed. */
export function openStartProbe(supervision: Supervision, run: Run): ReadyProbe {
  return {
    awaited: 'its start is not confirmed',
    check: async () => {
      const now = await supervision.store.runs.findActive(run.projectDir, run.serviceName);
      return now?.id === run.id && isPastGrace(supervision, now);
    },
    close: () => undefined,
  };
}
