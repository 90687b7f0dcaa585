import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { mountSmallDisk, whyNoMount } from '../test/bad-input/small-disk.ts';
import { awaitSupervisor, findSupervisor } from '../test/supervisor-of.ts';
import { allLogs, allOf, awaitHeldOutput, endPrinting, logsOfEnded, printsLines, tally } from './numbered-lines.ts';
import { type OpenWorld, outputFault } from './output-world.ts';
import { failsAtWrites, supervisorThat } from './supervisor-that.ts';

const MiB = 1024 * 1024;
const bytesPerLine = 100;

/** Returns how many bytes a directory uses on the disk, not counting holes. */
function diskUse(path: string): number {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.reduce((sum, { parentPath, name }) => {
    return sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.blocks ?? 0) * 512;
  }, 0);
}

interface Flood {
  readonly count: number;
  readonly rate: number;
  readonly maxBytes: string;
  /** The limit for the bytes in use on the disk at any time. */
  readonly maxDiskBytes: number;
}

async function flood(open: OpenWorld, box: Sandbox, { count, rate, maxBytes, maxDiskBytes }: Flood): Promise<string> {
  const world = open(box, { service: { shell: printsLines({ count, rate, exit: 0 }), logs: { maxBytes } } });
  let peak = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      if (existsSync(box.stateDir)) peak = Math.max(peak, diskUse(box.stateDir));
      await sleep(20);
    }
  })();
  await world.candle(['start']);
  const logs = await logsOfEnded(world);
  isOver = true;
  await watching;
  expect(peak).toBeLessThan(maxDiskBytes);
  return logs;
}

outputFault(30, '24 MB at 100,000 lines a second: disk use is bounded, kept output is intact', async (open, box) => {
  const logs = await flood(open, box, { count: 240_000, rate: 100_000, maxBytes: '2MB', maxDiskBytes: 12 * MiB });
  expect(logs).toMatch(/^--- earlier output was .*---\n/);
  const { first, ...counted } = tally(logs);
  expect(counted).toEqual({ last: 240_000, lines: 240_001 - first, missing: 0, doubled: 0, outOfOrder: 0, torn: 1 });
  expect(counted.lines * bytesPerLine).toBeLessThan(2 * MiB);
  expect(counted.lines * bytesPerLine).toBeGreaterThan(1.5 * MiB);
});

outputFault(
  30,
  '120 MB at 300,000 lines a second, all kept: the space of copied output is freed, every line once',
  async (open, box) => {
    const count = 1_200_000;
    const maxDiskBytes = count * bytesPerLine + 64 * MiB;
    const logs = await flood(open, box, { count, rate: 300_000, maxBytes: '1GB', maxDiskBytes });
    expect(tally(logs)).toEqual(allOf(count));
  },
  { slow: true, timeoutMs: 300_000 },
);

outputFault(
  30,
  '120 MB at 300,000 lines a second, 8 MB kept: disk use is bounded, kept output is intact',
  async (open, box) => {
    const logs = await flood(open, box, { count: 1_200_000, rate: 300_000, maxBytes: '8MB', maxDiskBytes: 60 * MiB });
    const { first, ...counted } = tally(logs);
    expect(counted).toEqual({
      last: 1_200_000,
      lines: 1_200_001 - first,
      missing: 0,
      doubled: 0,
      outOfOrder: 0,
      torn: 1,
    });
  },
  { slow: true, timeoutMs: 300_000 },
);

outputFault(
  31,
  'space cannot be freed: Candle tries once, `ps` and `doctor` report it, and nothing is lost',
  async (open, box) => {
    const tools = join(box.root, 'tools');
    const tried = join(box.root, 'tried');
    mkdirSync(tools);
    writeFileSync(tried, '');
    writeFileSync(join(tools, 'fallocate'), `#!/bin/sh\necho >> ${tried}\nexit 1\n`, { mode: 0o755 });
    const supervisor = supervisorThat(`process.env.PATH = ${JSON.stringify(tools)} + ':' + process.env.PATH;`);
    const count = 60_000;
    const service = { shell: printsLines({ count }), logs: { maxBytes: '16MB' } };
    const world = open(box, { service, supervisor });
    await world.candle(['start']);
    await until('the supervisor has tried to free the space', () => findSupervisor(box)?.isUnfreed);
    expect((await world.candle(['ps'])).stderr).toContain(
      'twice its size on the disk until they exit. For details: candle doctor',
    );
    expect((await world.candle(['doctor'])).stdout).toContain('It cannot free the disk space of copied output');
    const { size, blocks } = statSync(join(await world.runPath('api'), 'spool'));
    expect(blocks * 512).toBeGreaterThanOrEqual(size);
    expect(tally(await allLogs(world))).toEqual(allOf(count));
    expect((await world.candle(['kill'])).exitCode).toBe(0);
    expect(tally(await logsOfEnded(world))).toMatchObject({ last: count, missing: 0, doubled: 0, outOfOrder: 0 });
    expect(readFileSync(tried, 'utf8')).toBe('\n');
  },
  { simulatedBy: 'a fallocate that fails' },
);

const fullDisk = 'a small file system';

outputFault(
  33,
  'copied output fills the disk: its space is freed first, every line once',
  async (open, box, { skip }) => {
    const disk = mountSmallDisk(box, 8 * 1024) ?? skip(whyNoMount);
    const count = 60_000;
    const world = open(box, { service: { shell: printsLines({ count, exit: 0 }) }, stateDir: disk.stateDir });
    await world.candle(['start']);
    expect(tally(await logsOfEnded(world))).toEqual(allOf(count));
  },
  { simulatedBy: fullDisk },
);

outputFault(
  33,
  'a service prints more than the disk can hold: the oldest output is dropped, and the supervisor keeps running',
  async (open, box, { skip }) => {
    const disk = mountSmallDisk(box, 8 * 1024) ?? skip(whyNoMount);
    const count = 120_000;
    const service = { shell: printsLines({ count, rate: 30_000, exit: 0 }) };
    const world = open(box, { service, stateDir: disk.stateDir });
    await world.candle(['start']);
    const { pid } = await awaitSupervisor(world.box);
    const supervisors = new Set<number | undefined>();
    const run = await world.runPath('api');
    await until('the service has exited', () => {
      supervisors.add(findSupervisor(world.box)?.pid);
      return /^\d/.test(readFileSync(join(run, 'exit'), 'utf8'));
    });
    expect([...supervisors]).toEqual([pid]);
    const logs = await logsOfEnded(world);
    const { first, ...counted } = tally(logs);
    expect(counted).toMatchObject({ last: count, lines: count + 1 - first, missing: 0, doubled: 0, outOfOrder: 0 });
    expect(counted.lines).toBeGreaterThan(10_000);
    expect(logs).toMatch(/^--- .*---\n/);
    expect((await world.candle(['reserve-port', 'web'])).exitCode).toBe(0);
    expect((await world.candle(['doctor'])).stdout).not.toContain('damaged');
  },
  { simulatedBy: fullDisk },
);

outputFault(
  33,
  'another program fills the disk and frees it again: the supervisor keeps running, every line once',
  async (open, box, { skip }) => {
    const disk = mountSmallDisk(box, 16 * 1024) ?? skip(whyNoMount);
    const end = join(box.root, 'end');
    const service = { shell: printsLines({ until: end, rate: 5_000, exit: 0 }) };
    const world = open(box, { service, stateDir: disk.stateDir });
    await world.candle(['start']);
    const { pid } = await awaitSupervisor(world.box);
    const newest = async () => (await world.candle(['logs', 'api', '-n', '1'])).stdout;
    await until('the service prints', async () => /^line \d+/.test(await newest()));
    const [printing] = JSON.parse((await world.candle(['ps', 'api', '--json'])).stdout).services;
    disk.fill(0);
    await awaitHeldOutput(printing.pid);
    // The program may have written only the first part of its newest line.
    expect(await newest()).toMatch(/^line/);
    disk.free();
    expect(findSupervisor(world.box)?.pid).toBe(pid);
    const printed = await endPrinting(end);
    expect(tally(await logsOfEnded(world))).toEqual(allOf(printed));
    expect((await world.candle(['reserve-port', 'web'])).exitCode).toBe(0);
  },
  { simulatedBy: fullDisk },
);

outputFault(
  33,
  'the disk fails halfway through writes: the copy resumes while the service runs, every line once',
  async (open, box) => {
    const end = join(box.root, 'end');
    const failures = join(box.root, 'failures');
    writeFileSync(failures, '', { mode: 0o666 });
    const service = { shell: printsLines({ until: end, rate: 5_000, exit: 0 }) };
    const world = open(box, { service, supervisor: failsAtWrites(failures) });
    await world.candle(['start']);
    const failed = () => readFileSync(failures, 'utf8').split('\n').length - 1;
    await until('the copy has resumed after several failures', () => failed() >= 6);
    const printed = await endPrinting(end);
    expect(tally(await logsOfEnded(world))).toEqual(allOf(printed));
  },
  { simulatedBy: 'a write that fails' },
);
