import { takePairs } from '../measure/take-pairs.ts';
import { timeCommand } from '../measure/time-command.ts';
import type { Figure } from './figure.ts';

export const reservePort: Figure = {
  title: 'reserve-port',
  baseline: 'node -e 0',
  aim: { ratio: 4.5 },
  measure: async ({ rounds, bareNode, openPlace }) => {
    const place = openPlace('reserve-port');
    return takePairs(rounds.pairs, {
      measured: () => timeCommand(place.candle(['reserve-port'])),
      baseline: () => timeCommand(bareNode),
    });
  },
};
