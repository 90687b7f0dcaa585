import { takePairs } from '../measure/take-pairs.ts';
import { type Command, timeCommand } from '../measure/time-command.ts';
import type { PairFigure } from './figure.ts';

const processes = 64;

/** Measured from the first spawn until the last process has exited. */
export const concurrentReservePort: PairFigure = {
  name: 'concurrent',
  title: `${processes} × reserve-port at once`,
  baseline: `${processes} × node -e 0 at once`,
  aim: { ratio: 2.8 },
  measure: async ({ rounds, bareNode, openWorkspace }) => {
    const workspace = openWorkspace('concurrent');
    return takePairs(rounds.batches, {
      measured: () => timeAtOnce(workspace.candle(['reserve-port'])),
      baseline: () => timeAtOnce(bareNode),
    });
  },
};

async function timeAtOnce(command: Command): Promise<number> {
  const startedAt = performance.now();
  const results = await Promise.allSettled(Array.from({ length: processes }, () => timeCommand(command)));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return performance.now() - startedAt;
}
