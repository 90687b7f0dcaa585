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
  title: `who-has for a service (${listeners} other listeners)`,
  baseline: 'node -e 0',
  aim: { ratio: 2.6 },
  measure: async ({ rounds, bareNode, openWorkspace, shellCommand, server }) => {
    const workspace = openWorkspace('who-has', { services: [{ name: 'api', shell: server.shell }] });
    await runCommand(workspace.candle(['reserve-port', 'api']));
    await runCommand(workspace.candle(['start', 'api', '--wait']));
    // 4000 is the first port that a new database gives out. Docker is taken off the PATH, because its response time
    // varies.
    const command = workspace.candle(['who-has', '4000']);
    const withoutDocker = { ...command, env: { ...command.env, PATH: dirname(command.file) } };
    const program = await openProgram(shellCommand(`exec ${fixture('listens-on-many-ports.mjs', listeners)}`));
    try {
      return await takePairs(rounds.pairs, {
        measured: () => timeCommand(withoutDocker),
        baseline: () => timeCommand(bareNode),
      });
    } finally {
      await program.end();
    }
  },
};
