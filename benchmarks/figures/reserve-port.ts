import { takePairs } from '../measure/take-pairs.ts';
import { timeCommand } from '../measure/time-command.ts';
import type { PairFigure } from './figure.ts';

export const reservePort: PairFigure = {
  name: 'reserve-port',
  title: 'reserve-port',
  baseline: 'node -e 0',
  aim: { ratio: 2.6 },
  measure: async ({ rounds, bareNode, openWorkspace }) => {
    const workspace = openWorkspace('reserve-port');
    return takePairs(rounds.pairs, {
      measured: () => timeCommand(workspace.candle(['reserve-port'])),
      baseline: () => timeCommand(bareNode),
    });
  },
};
