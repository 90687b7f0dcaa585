import { appendFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { awaitSupervisor, findSupervisor } from '../test/supervisor-of.ts';
import { fault } from './fault.ts';
import { allOf, endPrinting, logsOfEnded, printsLines, storedBytes, tally } from './numbered-lines.ts';
import { asThisUser, type OpenWorld, type OutputWorld, outputFault } from './output-world.ts';
import { supervisorScript, supervisorThat } from './supervisor-that.ts';

/**
 * Runs another supervisor and returns its exit code. It exits immediately if it does not get the lock; 124 means that it
 * did not exit.
 */
async function rivalExitCode({ box }: OutputWorld): Promise<number> {
  const rival = [process.execPath, supervisorScript, box.stateDir, '0.0.0', String(process.pid)];
  return (await runProgram('timeout', ['10', ...rival], { cwd: box.root, env: box.env })).exitCode;
}

async function keepsLock(open: OpenWorld, box: Sandbox, forMs: number): Promise<void> {
  const collections = join(box.root, 'collections');
  writeFileSync(collections, '');
  const supervisor = supervisorThat(`import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc');
setInterval(() => {
  collect();
  fs.appendFileSync(${JSON.stringify(collections)}, '.');
}, 25);`);
  const end = join(box.root, 'end');
  const service = { shell: printsLines({ until: end, rate: 2_000, exit: 0 }) };
  const world = open(box, { service, supervisor });
  await world.candle(['start']);
  const { pid } = await awaitSupervisor(box);
  const beganMs = performance.now();
  while (performance.now() - beganMs < forMs) expect(await rivalExitCode(world)).toBe(0);
  expect(statSync(collections).size).toBeGreaterThan(forMs / 25 / 4);
  expect(findSupervisor(box)?.pid).toBe(pid);
  const printed = await endPrinting(end);
  expect(tally(await logsOfEnded(world))).toEqual(allOf(printed));
}

const collecting = 'it keeps its lock, and no other supervisor takes over';
fault(
  8,
  `the supervisor collects garbage for 3 s: ${collecting}`,
  asThisUser((open, box) => keepsLock(open, box, 3_000)),
);
fault(
  8,
  `the supervisor collects garbage for 10 s: ${collecting}`,
  asThisUser((open, box) => keepsLock(open, box, 10_000)),
  { slow: true },
);

outputFault(
  41,
  'the clock jumps back and forth: lines keep their order, and `--since` finds the lines of that time',
  async (open, box) => {
    const jumped = join(box.root, 'jumped');
    const supervisor = supervisorThat(`const { now } = Date;
Date.now = () => now() - (fs.existsSync(${JSON.stringify(jumped)}) ? 3_600_000 : 0);`);
    const printed = join(box.root, 'printed');
    writeFileSync(printed, '');
    const world = open(box, { service: { shell: `exec tail -f -n +1 ${printed}` }, supervisor });
    await world.candle(['start']);
    await awaitSupervisor(box);
    const isCopied = (bytes: number) =>
      until(`${bytes} bytes are copied`, async () => storedBytes(await world.runPath('api')) === bytes);
    for (const [first, last] of thirds) {
      appendFileSync(printed, numberedLines(first, last));
      await isCopied(last * 100);
      if (last === 100) writeFileSync(jumped, '');
      if (last === 200) rmSync(jumped);
    }
    const seen = async (...args: string[]) =>
      tally((await world.candle(['logs', 'api', '-n', '1000', ...args])).stdout);
    expect(await seen()).toEqual(allOf(300));
    expect(await seen('--since', '2h')).toEqual(allOf(300));
    expect(await seen('--since', '30m')).toEqual({ ...allOf(300), lines: 200, missing: 100 });
    expect(await seen('--until', '30m')).toEqual({ ...allOf(100), first: 101, last: 200 });
    expect(await seen('--since', '2h', '--grep', 'line 1')).toMatchObject({ doubled: 0, outOfOrder: 0, lines: 111 });
  },
  { simulatedBy: 'a supervisor whose clock jumps' },
);

const thirds = [
  [1, 100],
  [101, 200],
  [201, 300],
] as const;

function numberedLines(first: number, last: number): string {
  return Array.from({ length: last - first + 1 }, (_, n) => `${`line ${first + n} `.padEnd(99, 'x')}\n`).join('');
}
