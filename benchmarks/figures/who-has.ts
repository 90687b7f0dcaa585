import { takePairs } from '../measure/take-pairs.ts';
import { runCommand, timeCommand } from '../measure/time-command.ts';
import { openProgram } from '../workbench/bare-program.ts';
import { fixture } from '../workbench/fixture.ts';
import type { PairFigure } from './figure.ts';

/** Half of them on IPv4, half on IPv6. */
const listeners = 200;

export const whoHas: PairFigure = {
  name: 'who-has',
  title: `who-has, of a service (${listeners} foreign listeners)`,
  baseline: 'node -e 0',
  aim: { ratio: 5 },
  measure: async ({ rounds, bareNode, openPlace, shellCommand, server }) => {
    const place = openPlace('who-has', { services: [{ name: 'api', shell: server.shell }] });
    await runCommand(place.candle(['reserve-port', 'api']));
    await runCommand(place.candle(['start', 'api', '--wait']));
    const foreign = await openProgram(shellCommand(`exec ${fixture('listens-often.mjs', listeners)}`));
    try {
      // The first number that a new ledger gives.
      return await takePairs(rounds.pairs, {
        measured: () => timeCommand(place.candle(['who-has', '4000'])),
        baseline: () => timeCommand(bareNode),
      });
    } finally {
      await foreign.end();
    }
  },
};
