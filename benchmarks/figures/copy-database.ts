import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takePairs } from '../measure/take-pairs.ts';
import { type Command, timeCommand } from '../measure/time-command.ts';
import { fillStore } from '../workbench/store.ts';
import type { PairFigure } from './figure.ts';

const reserved = 1_000;
const fixture = fileURLToPath(new URL('../fixtures/without-copy.cjs', import.meta.url));

/** What it costs a command that changes the database to copy it before it exits. Both sides load the same fixture. */
export const copyDatabase: PairFigure = {
  name: 'copy-database',
  title: 'reserve-port, 1,000 reserved, with the copy of the database',
  baseline: 'the same without the copy',
  aim: { ratio: 1.05 },
  measure: async ({ rounds, openWorkspace }) => {
    const workspace = openWorkspace('copy-database');
    const store = await fillStore(workspace, reserved);
    const copy = join(workspace.stateDir, 'state.db.last');
    const command = workspace.candle(['reserve-port']);
    const withFixture = { ...command, args: ['--require', fixture, ...command.args] };
    const run = async (copies: boolean) => {
      const env: Command['env'] = { ...command.env, CANDLE_BENCH_COPY: copies ? 'on' : 'off' };
      const tookMs = await timeCommand({ ...withFixture, env });
      if (existsSync(copy) !== copies) throw new Error(`The database was ${copies ? 'not ' : ''}copied`);
      return tookMs;
    };
    return takePairs(rounds.pairs, {
      prepare: () => {
        store.rewind();
        rmSync(copy, { force: true });
      },
      measured: () => run(true),
      baseline: () => run(false),
    });
  },
};
