import type { Run } from '@candle/core';
import { isPastGrace } from '../launch/start-grace.ts';
import type { Supervision } from '../supervision.ts';
import type { ReadyProbe } from './ready-probe.ts';

/** Of a service that nothing is asked of: it is ready as soon as its start is certain. */
export function openStartProbe(supervision: Supervision, run: Run): ReadyProbe {
  return {
    awaited: 'its start is not certain',
    check: async () => {
      const now = await supervision.store.runs.findActive(run.projectDir, run.serviceName);
      return now?.id === run.id && isPastGrace(supervision, now);
    },
    close: () => undefined,
  };
}
