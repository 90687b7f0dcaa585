import { takePairs } from '../measure/take-pairs.ts';
import { runCommand, timeCommand } from '../measure/time-command.ts';
import type { PairFigure } from './figure.ts';

export const getReservedPort: PairFigure = {
  name: 'get-reserved-port',
  title: 'get-reserved-port',
  baseline: 'node -e 0',
  aim: { ratio: 2 },
  measure: async ({ rounds, bareNode, openWorkspace }) => {
    const workspace = openWorkspace('get-reserved-port');
    await runCommand(workspace.candle(['reserve-port', 'api']));
    return takePairs(rounds.pairs, {
      measured: () => timeCommand(workspace.candle(['get-reserved-port', 'api'])),
      baseline: () => timeCommand(bareNode),
    });
  },
};
