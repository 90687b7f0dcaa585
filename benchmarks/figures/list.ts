import { takePairs } from '../measure/take-pairs.ts';
import { runCommand, timeCommand } from '../measure/time-command.ts';
import type { PairFigure } from './figure.ts';

export const list: PairFigure = {
  name: 'list',
  title: 'list (3 services, 1 running)',
  baseline: 'node -e 0',
  aim: { ratio: 4.5 },
  measure: async ({ rounds, bareNode, openPlace, server }) => {
    const services = ['web', 'api', 'worker'].map((name) => ({ name, shell: server.shell }));
    const place = openPlace('list', { services });
    await runCommand(place.candle(['reserve-port', 'web']));
    await runCommand(place.candle(['start', 'web']));
    return takePairs(rounds.pairs, {
      measured: () => timeCommand(place.candle(['list'])),
      baseline: () => timeCommand(bareNode),
    });
  },
};
