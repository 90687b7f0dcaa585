import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { program } from '../test/services/programs.ts';
import { allOf, logsOfEnded, printsLines, tally } from './numbered-lines.ts';
import { type OutputWorld, outputFault } from './output-world.ts';

/** Returns the stored output of a run, byte for byte. */
function storedOutput(run: string): Buffer {
  const log = join(run, 'log');
  const offsetOf = (name: string) => Number(name.split('.')[1]);
  const names = readdirSync(log).filter((name) => name.endsWith('.seg'));
  return Buffer.concat(names.sort((a, b) => offsetOf(a) - offsetOf(b)).map((name) => readFileSync(join(log, name))));
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function entriesOf({ candle }: OutputWorld) {
  const { services } = JSON.parse((await candle(['logs', 'api', '--json'])).stdout);
  return services[0].entries;
}

outputFault(26, 'Node and its Python child print 1 MB each at the same time: no line is lost', async (open, box) => {
  const world = open(box, { service: { shell: program('has-python-child.mjs', 10_000, 100) } });
  await world.candle(['start']);
  const logs = await logsOfEnded(world);
  for (const name of ['node', 'python']) {
    const own = logs.split('\n').filter((line) => line.startsWith(`${name} `));
    expect(own).toEqual(Array.from({ length: 10_000 }, (_, n) => `${name} ${n + 1} `.padEnd(99, 'x')));
  }
  expect(logs).toMatch(/\n--- exited with code 0 .* ---\n$/);
});

outputFault(27, 'Node prints 3 MB and calls process.exit(3): every line is kept, with code 3', async (open, box) => {
  const world = open(box, { service: { shell: printsLines({ count: 30_000, exit: 3 }) } });
  await world.candle(['start']);
  const logs = await logsOfEnded(world);
  expect(tally(logs)).toEqual(allOf(30_000));
  expect(logs).toMatch(/\n--- exited with code 3 .* ---\n$/);
});

outputFault(
  28,
  'a 1 MB line, NUL bytes, invalid UTF-8 and a character split across two writes: kept byte for byte',
  async (open, box) => {
    const printed = Buffer.concat([
      Buffer.from(`${'x'.repeat(1024 * 1024)}\nnul \0 nul\n`),
      Buffer.from([0x62, 0x61, 0x64, 0x20, 0xff, 0xfe, 0x0a, 0xe2, 0x82, 0xac, 0x0a]),
      Buffer.from('\u001b[31mred\u001b[0m\n\nno newline'),
    ]);
    const world = open(box, { service: { shell: `${program('prints-odd-bytes.mjs')} & sleep 1; kill $!; wait` } });
    await world.candle(['start']);
    const logs = await logsOfEnded(world);
    expect(hash(storedOutput(await world.runPath('api')))).toBe(hash(printed));
    const shown = ['x'.repeat(1024 * 1024), 'nul \0 nul', 'bad \ufffd\ufffd', '€', 'red', '', 'no newline'];
    expect(logs.split('\n').slice(0, shown.length)).toEqual(shown);
  },
  { isAlwaysRunAs55: true },
);

outputFault(29, 'the last line has no newline: it is shown, and marked as partial in JSON', async (open, box) => {
  const world = open(box, { service: { shell: "printf 'whole\\nbegun'; exit 2" } });
  await world.candle(['start']);
  expect((await logsOfEnded(world)).split('\n').slice(0, 2)).toEqual(['whole', 'begun']);
  const [whole, begun, end] = await entriesOf(world);
  expect(whole).toMatchObject({ kind: 'line', text: 'whole' });
  expect(whole).not.toHaveProperty('partial');
  expect(begun).toMatchObject({ kind: 'line', text: 'begun', partial: true });
  expect(end).toMatchObject({ kind: 'ended', exitCode: 2 });
});
