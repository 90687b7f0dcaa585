import { takePairs } from '../measure/take-pairs.ts';
import { timeCommand } from '../measure/time-command.ts';
import type { Aim, PairFigure } from './figure.ts';

/** A command that needs neither a project nor the database. */
function plain(name: string, line: string, aim: Aim): PairFigure {
  return {
    name,
    title: line,
    baseline: 'node -e 0',
    aim,
    measure: async ({ rounds, bareNode, openWorkspace }) => {
      const workspace = openWorkspace(name);
      return takePairs(rounds.pairs, {
        measured: () => timeCommand(workspace.candle([line])),
        baseline: () => timeCommand(bareNode),
      });
    },
  };
}

export const version = plain('version', '--version', { ratio: 1.3 });
export const help = plain('help', 'help', { ratio: 2.2 });
