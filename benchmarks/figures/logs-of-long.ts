import { existsSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takePairs } from '../measure/take-pairs.ts';
import { runCommand, timeCommand } from '../measure/time-command.ts';
import { waitUntil } from '../measure/wait-until.ts';
import { fixture } from '../workbench/fixture.ts';
import type { PairFigure } from './figure.ts';

const lineBytes = 30;

/** Two services of one project that have exited, with their complete output stored. */
export const logsOfLong: PairFigure = {
  name: 'logs',
  title: 'logs -n 100 of 10,000,000 lines',
  baseline: 'the same for 100 lines',
  aim: { ratio: 1.1 },
  measure: async ({ rounds, openWorkspace }) => {
    const workspace = openWorkspace('logs');
    const go = join(workspace.projectDir, 'go');
    const service = (name: string, lines: number) => ({
      name,
      shell: fixture('generates.mjs', lines, lineBytes, Math.min(lines, 2_000), go, join(workspace.projectDir, name)),
      logs: { maxBytes: '1GB' },
    });
    workspace.configure({ services: [service('long', 10_000_000), service('short', 100)] });
    writeFileSync(go, '');
    await runCommand(workspace.candle(['start', '--bg']));
    const areOver = () => ['long', 'short'].every((name) => existsSync(join(workspace.projectDir, name)));
    await waitUntil('all lines are printed', areOver);
    await waitUntil(
      'all lines are copied',
      () => globSync(join(workspace.stateDir, 'runs', '*', 'spool')).length === 0,
    );
    return takePairs(rounds.pairs, {
      measured: () => timeCommand(workspace.candle(['logs', 'long', '-n', '100'])),
      baseline: () => timeCommand(workspace.candle(['logs', 'short', '-n', '100'])),
    });
  },
};
