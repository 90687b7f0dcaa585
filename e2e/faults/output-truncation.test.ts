import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { program } from '../test/services/programs.ts';
import { awaitSupervisor, killHard } from '../test/supervisor-of.ts';
import { fault } from './fault.ts';
import { allLogs, allOf, logsOfEnded, storedBytes, tally } from './numbered-lines.ts';
import { asNonRoot, asThisUser, type OpenWorld, type OutputWorld, outputFault } from './output-world.ts';

/** Shell code that waits until the test allows this step. */
const awaitStep = (dir: string, number: number) => `while [ ! -e ${dir}/step${number} ]; do sleep 0.02; done`;
const allowStep = (dir: string, number: number) => writeFileSync(join(dir, `step${number}`), '');

const awaitCopied = async (world: OutputWorld, bytes: number) => {
  const run = await world.runPath('api');
  await until(`${bytes} bytes are copied`, () => storedBytes(run) >= bytes, {
    explain: () => `${storedBytes(run)} bytes are copied`,
  });
};

const emptied =
  '--- the program truncated its own output, so earlier lines may be missing: write to fd 2 (in a shell: >&2) instead of opening /dev/stderr, or set "output": "pipe" ---\n';

/** Shell code that prints numbered lines. */
const lines = (from: number, to: number) =>
  `awk 'BEGIN { for (n = ${from}; n <= ${to}; n++) printf "line %d %s\\n", n, substr("${'x'.repeat(99)}", 1, 93 - length(n)) }'`;

async function keepsCopiedOutput(open: OpenWorld, box: Sandbox): Promise<void> {
  const shell = [
    lines(1, 1_000),
    awaitStep(box.root, 1),
    'echo emptied > /dev/stderr; echo "its code: $?"',
    lines(1_001, 2_000),
    'exit 4',
  ].join('; ');
  const world = open(box, { service: { shell } });
  await world.candle(['start']);
  await awaitCopied(world, 100_000);
  allowStep(box.root, 1);
  const logs = await logsOfEnded(world);
  const [before = '', after = ''] = logs.split('emptied\nits code: 0\n');
  expect(before.endsWith(emptied)).toBe(true);
  expect(after).toMatch(/\n--- exited with code 4 .* ---\n$/);
  expect(tally(before)).toEqual(allOf(1_000));
  expect(tally(after)).toEqual({ ...allOf(1_000), first: 1_001, last: 2_000 });
}

const reopened =
  '`echo … > /dev/stderr` truncates the file: copied output stays, a mark shows the truncation, the rest follows';
fault(24, `as root, ${reopened}`, asThisUser(keepsCopiedOutput));
fault(23, `as an ordinary user, ${reopened}`, asNonRoot(keepsCopiedOutput));

/** For each count, prints that many lines, waits until they are copied, and truncates the output before the next ones. */
async function keepsEpochs(open: OpenWorld, box: Sandbox, counts: readonly number[]): Promise<void> {
  const shell = program('truncates-its-output.mjs', box.root, ...counts);
  const world = open(box, { service: { shell, logs: { maxBytes: '8MB' } } });
  await world.candle(['start']);
  let printed = 0;
  for (const [index, count] of counts.entries()) {
    printed += count;
    await awaitCopied(world, printed * 100);
    if (index < counts.length - 1) allowStep(box.root, index + 1);
  }
  const logs = await logsOfEnded(world);
  expect(tally(logs)).toEqual(allOf(printed));
  expect(logs.split(emptied)).toHaveLength(counts.length);
}

outputFault(
  25,
  'output is truncated and immediately grows longer than before: one mark, every line once',
  (open, box) => keepsEpochs(open, box, [1_000, 3_000, 4_000]),
);
outputFault(25, 'output is truncated and grows to the same length: one mark, every line once', (open, box) =>
  keepsEpochs(open, box, [1_000, 1_000, 1_000]),
);
outputFault(25, 'a large output is truncated after its space was freed: one mark, every line once', (open, box) =>
  keepsEpochs(open, box, [25_000, 30_000, 100]),
);

outputFault(
  25,
  'output is truncated and grows again while no supervisor runs: one mark, every line once',
  async (open, box) => {
    const shell = program('truncates-its-output.mjs', box.root, 1_000, 3_000);
    const world = open(box, { service: { shell } });
    await world.candle(['start']);
    await awaitCopied(world, 100_000);
    const { pid, watchdog } = await awaitSupervisor(box);
    killHard(watchdog?.pid ?? 0);
    killHard(pid);
    allowStep(box.root, 1);
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
