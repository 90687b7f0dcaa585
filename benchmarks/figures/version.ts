import { takePairs } from '../measure/take-pairs.ts';
import { timeCommand } from '../measure/time-command.ts';
import type { PairFigure } from './figure.ts';

export const version: PairFigure = {
  name: 'version',
  title: '--version',
  baseline: 'node -e 0',
  aim: { ratio: 3.5 },
  measure: async ({ rounds, bareNode, openWorkspace }) => {
    const workspace = openWorkspace('version');
    return takePairs(rounds.pairs, {
      measured: () => timeCommand(workspace.candle(['--version'])),
      baseline: () => timeCommand(bareNode),
    });
  },
};
