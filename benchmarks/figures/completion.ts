import { takePairs } from '../measure/take-pairs.ts';
import { runCommand, timeCommand } from '../measure/time-command.ts';
import type { PairFigure } from './figure.ts';

/** What a shell runs when Tab is pressed at the end of a line. */
function completion(name: string, title: string, words: readonly string[]): PairFigure {
  return {
    name,
    title,
    baseline: 'node -e 0',
    aim: { ratio: 2.2 },
    measure: async ({ rounds, bareNode, openWorkspace }) => {
      const workspace = openWorkspace(name, { services: { api: { shell: 'true' }, web: { shell: 'true' } } });
      await runCommand(workspace.candle(['reserve-port', 'api']));
      const line = ['completion', 'complete', '--', ...words];
      return takePairs(rounds.pairs, {
        measured: () => timeCommand(workspace.candle(line)),
        baseline: () => timeCommand(bareNode),
      });
    },
  };
}

export const completeCommand = completion('complete-command', 'completion of a command', ['re']);
export const completeService = completion('complete-service', 'completion of a service', ['start', '']);
