import { takePairs } from '../measure/take-pairs.ts';
import { runCommand, timeCommand } from '../measure/time-command.ts';
import type { PairFigure } from './figure.ts';

export const list: PairFigure = {
  name: 'list',
  title: 'list (3 services, 1 running)',
  baseline: 'node -e 0',
  aim: { ratio: 4.5 },
  measure: async ({ rounds, bareNode, openWorkspace, server }) => {
    const services = ['web', 'api', 'worker'].map((name) => ({ name, shell: server.shell }));
    const workspace = openWorkspace('list', { services });
    await runCommand(workspace.candle(['reserve-port', 'web']));
    await runCommand(workspace.candle(['start', 'web']));
    return takePairs(rounds.pairs, {
      measured: () => timeCommand(workspace.candle(['list'])),
      baseline: () => timeCommand(bareNode),
    });
  },
};
