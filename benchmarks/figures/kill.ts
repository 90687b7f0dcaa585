import { takePairs } from '../measure/take-pairs.ts';
import { runCommand, timeCommand } from '../measure/time-command.ts';
import { openProgram } from '../workbench/bare-program.ts';
import { fixture } from '../workbench/fixture.ts';
import type { PairFigure } from './figure.ts';

/** The service exits on SIGTERM at once. */
export const kill: PairFigure = {
  name: 'kill',
  title: 'kill',
  baseline: "the service's own exit + candle --version",
  aim: { extraMs: 50 },
  measure: async ({ rounds, openWorkspace, shellCommand }) => {
    const workspace = openWorkspace('kill', { services: [{ name: 'idle', shell: fixture('idles.mjs') }] });
    return takePairs(rounds.starts, {
      measured: async () => {
        await runCommand(workspace.candle(['start', 'idle']));
        return timeCommand(workspace.candle(['kill', 'idle']));
      },
      baseline: async () => {
        const program = await openProgram(shellCommand(`exec ${fixture('idles.mjs')}`));
        const exitMs = await program.end();
        return exitMs + (await timeCommand(workspace.candle(['--version'])));
      },
    });
  },
};
