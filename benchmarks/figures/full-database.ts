import { takePairs } from '../measure/take-pairs.ts';
import { type Command, timeCommand } from '../measure/time-command.ts';
import { fillStore } from '../workbench/store.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { PairFigure } from './figure.ts';

const baseline = 'the same with an empty database';
const aim = { ratio: 1.2 };

/** Every port from 4000 to 64999 is reserved, so the search from 4000 skips all of them. */
export const reserveIn61000: PairFigure = {
  name: 'full-database',
  title: 'reserve-port, 61,000 reserved',
  baseline,
  aim,
  measure: (bench) => compareToEmpty(bench, 61_000, {}),
};

/** All ports from 4000 to 65535 are reserved, so the command fails. */
export const exhausted: PairFigure = {
  name: 'exhausted-database',
  title: 'reserve-port, 61,536 reserved (exhausted)',
  baseline,
  aim,
  measure: (bench) => compareToEmpty(bench, 61_536, { failsWith: 'No available ports in the range 4000-65535' }),
};

async function compareToEmpty(
  { rounds, openWorkspace }: Workbench,
  reserved: number,
  expectation: Pick<Command, 'failsWith'>,
) {
  const full = openWorkspace(`reserved-${reserved}`);
  const empty = openWorkspace(`empty-next-to-${reserved}`);
  const stores = [await fillStore(full, reserved), await fillStore(empty, 0)];
  return takePairs(rounds.pairs, {
    prepare: () => {
      for (const store of stores) store.rewind();
    },
    measured: () => timeCommand({ ...full.candle(['reserve-port']), ...expectation }),
    baseline: () => timeCommand(empty.candle(['reserve-port'])),
  });
}
