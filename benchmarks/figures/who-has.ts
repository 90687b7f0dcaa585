import { dirname } from 'node:path';
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
  measure: async ({ rounds, bareNode, openWorkspace, shellCommand, server }) => {
    const workspace = openWorkspace('who-has', { services: [{ name: 'api', shell: server.shell }] });
    await runCommand(workspace.candle(['reserve-port', 'api']));
    await runCommand(workspace.candle(['start', 'api', '--wait']));
    // 4000 is the first number that a new ledger gives. Docker, where there is one, is another program that takes its own time.
    const asked = workspace.candle(['who-has', '4000']);
    const withoutDocker = { ...asked, env: { ...asked.env, PATH: dirname(asked.file) } };
    const foreign = await openProgram(shellCommand(`exec ${fixture('listens-often.mjs', listeners)}`));
    try {
      return await takePairs(rounds.pairs, {
        measured: () => timeCommand(withoutDocker),
        baseline: () => timeCommand(bareNode),
      });
    } finally {
      await foreign.end();
    }
  },
};
