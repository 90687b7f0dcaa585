import { takePairs } from '../measure/take-pairs.ts';
import { type Command, runCommand, timeCommand } from '../measure/time-command.ts';
import { withThreePlugins } from '../workbench/plugins.ts';
import type { PairFigure } from './figure.ts';

/** Measures how many milliseconds one command takes more than another. The order alternates. */
function timeAdded(more: Command, less: Command): () => Promise<number> {
  let isEven = false;
  return async () => {
    isEven = !isEven;
    const first = await timeCommand(isEven ? more : less);
    const second = await timeCommand(isEven ? less : more);
    return isEven ? first - second : second - first;
  };
}

/** Measures only the time that plugins add. In the time of the whole command, it would be lost in the noise. */
export const addedByPlugins: PairFigure = {
  name: 'plugins-added',
  title: 'get-reserved-port: added by 3 plugins',
  baseline: 'node -e 0',
  aim: { ratio: 0.5 },
  measure: async ({ rounds, bareNode, openWorkspace }) => {
    const workspace = openWorkspace('plugins-added');
    const candle = await withThreePlugins(workspace);
    await runCommand(workspace.candle(['reserve-port', 'api']));
    const line = ['get-reserved-port', 'api'];
    return takePairs(rounds.pairs, {
      measured: timeAdded(candle(line), workspace.candle(line)),
      baseline: () => timeCommand(bareNode),
    });
  },
};

export const helpWithPlugins: PairFigure = {
  name: 'plugins-help',
  title: 'help: added by 3 plugins',
  baseline: 'node -e 0',
  aim: { ratio: 0.5 },
  measure: async ({ rounds, bareNode, openWorkspace }) => {
    const workspace = openWorkspace('plugins-help');
    const candle = await withThreePlugins(workspace);
    return takePairs(rounds.pairs, {
      measured: timeAdded(candle(['help']), workspace.candle(['help'])),
      baseline: () => timeCommand(bareNode),
    });
  },
};

export const pluginCommand: PairFigure = {
  name: 'plugins-command',
  title: "a plugin's command, with 3 plugins",
  baseline: 'node -e 0',
  measure: async ({ rounds, bareNode, openWorkspace }) => {
    const candle = await withThreePlugins(openWorkspace('plugins-command'));
    return takePairs(rounds.pairs, {
      measured: () => timeCommand(candle(['two'])),
      baseline: () => timeCommand(bareNode),
    });
  },
};
