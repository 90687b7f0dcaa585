import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { program } from '../test/services/programs.ts';
import { awaitSupervisor, killHard } from '../test/supervisor-of.ts';
import { fault } from './fault.ts';
import { allLogs, allOf, logsOfEnded, storedBytes, tally } from './numbered-lines.ts';
import { asNonRoot, asThisUser, type OpenWorld, type OutputWorld, outputFault } from './output-world.ts';

/** A shell script that goes on when the next of these files is there. */
const turn = (dir: string, number: number) => `while [ ! -e ${dir}/turn${number} ]; do sleep 0.02; done`;
const give = (dir: string, number: number) => writeFileSync(join(dir, `turn${number}`), '');

const copied = async (world: OutputWorld, bytes: number) => {
  const run = await world.runPath('api');
  await until(`${bytes} bytes are copied`, () => storedBytes(run) >= bytes, {
    explain: () => `${storedBytes(run)} are`,
  });
};

const emptied = '--- the program truncated its own output ---\n';

/** Prints numbered lines from a shell. */
const lines = (from: number, to: number) =>
  `awk 'BEGIN { for (n = ${from}; n <= ${to}; n++) printf "line %d %s\\n", n, substr("${'x'.repeat(99)}", 1, 93 - length(n)) }'`;

async function keepsWhatWasCopied(open: OpenWorld, box: Sandbox): Promise<void> {
  const shell = [
    lines(1, 1_000),
    turn(box.root, 1),
    'echo emptied > /dev/stderr; echo "its code: $?"',
    lines(1_001, 2_000),
    'exit 4',
  ].join('; ');
  const world = open(box, { service: { shell } });
  await world.candle(['start']);
  await copied(world, 100_000);
  give(box.root, 1);
  const logs = await logsOfEnded(world);
  const [before = '', after = ''] = logs.split('emptied\nits code: 0\n');
  expect(before.endsWith(emptied)).toBe(true);
  expect(after).toMatch(/\n--- exited with code 4 .* ---\n$/);
  expect(tally(before)).toEqual(allOf(1_000));
  expect(tally(after)).toEqual({ ...allOf(1_000), first: 1_001, last: 2_000 });
}

const reopened = '`echo … > /dev/stderr` empties the file: what was copied stays, a mark says so, the rest follows';
fault(24, `as root, ${reopened}`, asThisUser(keepsWhatWasCopied));
fault(23, `not as root, ${reopened}`, asNonRoot(keepsWhatWasCopied));

/** Prints so many lines, is seen, empties its output and prints the next ones. */
async function keepsEpochs(open: OpenWorld, box: Sandbox, counts: readonly number[]): Promise<void> {
  const shell = program('truncates-its-output.mjs', box.root, ...counts);
  const world = open(box, { service: { shell, logs: { maxBytes: '8MB' } } });
  await world.candle(['start']);
  let printed = 0;
  for (const [index, count] of counts.entries()) {
    printed += count;
    await copied(world, printed * 100);
    if (index < counts.length - 1) give(box.root, index + 1);
  }
  const logs = await logsOfEnded(world);
  expect(tally(logs)).toEqual(allOf(printed));
  expect(logs.split(emptied)).toHaveLength(counts.length);
}

outputFault(25, 'output is emptied and filled beyond where it was, at once: a mark, every line once', (open, box) =>
  keepsEpochs(open, box, [1_000, 3_000, 4_000]),
);
outputFault(25, 'output is emptied and filled to where it was: a mark, every line once', (open, box) =>
  keepsEpochs(open, box, [1_000, 1_000, 1_000]),
);
outputFault(25, 'much output is emptied that was given back to the disk: a mark, every line once', (open, box) =>
  keepsEpochs(open, box, [25_000, 30_000, 100]),
);

outputFault(
  25,
  'output is emptied and filled while no supervisor lives: a mark, every line once',
  async (open, box) => {
    const shell = program('truncates-its-output.mjs', box.root, 1_000, 3_000);
    const world = open(box, { service: { shell } });
    await world.candle(['start']);
    await copied(world, 100_000);
    const { pid, watchdog } = await awaitSupervisor(box);
    killHard(watchdog?.pid ?? 0);
    killHard(pid);
    give(box.root, 1);
    await until('the service has ended', async () =>
      (await world.candle(['logs', 'api', '-n', '1'])).stdout.includes('--- exited'),
    );
    const withoutSupervisor = await allLogs(world);
    expect(tally(withoutSupervisor)).toEqual(allOf(4_000));
    expect(withoutSupervisor.split(emptied)).toHaveLength(2);
    await world.candle(['ps']);
    expect(tally(await logsOfEnded(world))).toEqual(allOf(4_000));
  },
);
