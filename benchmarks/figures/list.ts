import { takePairs } from '../measure/take-pairs.ts';
import { runCommand, timeCommand } from '../measure/time-command.ts';
import type { PairFigure } from './figure.ts';

/** A command that only reads, in a project with three services, of which one is running. */
function reading(name: string, args: readonly string[]): PairFigure {
  return {
    name,
    title: `${args.join(' ')} (3 services, 1 running)`,
    baseline: 'node -e 0',
    aim: { ratio: 2.6 },
    measure: async ({ rounds, bareNode, openWorkspace, server }) => {
      const services = ['web', 'api', 'worker'].map((service) => ({ name: service, shell: server.shell }));
      const workspace = openWorkspace(name, { services });
      await runCommand(workspace.candle(['reserve-port', 'web']));
      await runCommand(workspace.candle(['start', 'web']));
      return takePairs(rounds.pairs, {
        measured: () => timeCommand(workspace.candle(args)),
        baseline: () => timeCommand(bareNode),
      });
    },
  };
}

export const list = reading('list', ['list']);
export const ps = reading('ps', ['ps']);
export const url = reading('url', ['url', 'web']);
export const logs = reading('cold-logs', ['logs', 'web', '-n', '100']);
