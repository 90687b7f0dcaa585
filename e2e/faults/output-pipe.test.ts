import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, type TestContext } from 'vitest';
import { mountSmallDisk, whyNoMount } from '../test/bad-input/small-disk.ts';
import { findReader, killReaders } from '../test/reader-of.ts';
import { awaitSupervisor, killHard } from '../test/supervisor-of.ts';
import { fault } from './fault.ts';
import { allOf, awaitHeldOutput, endPrinting, logsOfEnded, printsLines, tally } from './numbered-lines.ts';
import { asNonRoot, asThisUser, type OpenWorld } from './output-world.ts';

/** Large enough that no older output is dropped for newer output. */
const keepAll = { maxBytes: '1GB' };

const linesSurviveKills = (kills: number, rate: number) => async (open: OpenWorld, box: Sandbox) => {
  const end = join(box.root, 'end');
  const service = { shell: printsLines({ until: end, rate, exit: 0 }), output: 'pipe', logs: keepAll };
  const world = open(box, { service });
  await world.candle(['start']);
  await killReaders(await world.runPath('api'), kills);
  const printed = await endPrinting(end);
  expect(tally(await logsOfEnded(world))).toEqual(allOf(printed));
};

const fewKills =
  'kill -9 of the reader 5 times while a service prints 20,000 lines a second: every line once, in order';
fault(56, fewKills, asThisUser(linesSurviveKills(5, 20_000)));
fault(56, `as an ordinary user, ${fewKills}`, asNonRoot(linesSurviveKills(5, 20_000)));
fault(
  56,
  'kill -9 of the reader 100 times while a service prints 100,000 lines a second: every line once, in order',
  asThisUser(linesSurviveKills(100, 100_000)),
  { slow: true },
);

fault(
  56,
  'kill -9 of the reader, the supervisor and its watchdog: the service waits until the next command, every line once',
  asThisUser(async (open, box) => {
    const end = join(box.root, 'end');
    const service = { shell: printsLines({ until: end, rate: 20_000, exit: 0 }), output: 'pipe', logs: keepAll };
    const world = open(box, { service });
    await world.candle(['start']);
    const run = await world.runPath('api');
    const { pid, watchdog } = await awaitSupervisor(box);
    killHard(watchdog?.pid ?? 0);
    killHard(pid);
    killHard(findReader(run) ?? 0);
    await until(
      'the program is being kept waiting, or the pipe has room for its output',
      () => findReader(run) === undefined,
    );
    await world.candle(['ps']);
    await awaitSupervisor(box, pid);
    const printed = await endPrinting(end);
    expect(tally(await logsOfEnded(world))).toEqual(allOf(printed));
  }),
);

fault(
  33,
  'the output is a pipe, and another program fills the disk and frees it again: the service waits, every line once',
  asThisUser(async (open: OpenWorld, box: Sandbox, { skip }: TestContext) => {
    const disk = mountSmallDisk(box, 16 * 1024) ?? skip(whyNoMount);
    const end = join(box.root, 'end');
    const service = { shell: printsLines({ until: end, rate: 5_000, exit: 0 }), output: 'pipe' };
    const world = open(box, { service, stateDir: disk.stateDir });
    await world.candle(['start']);
    const newest = async () => (await world.candle(['logs', 'api', '-n', '1'])).stdout;
    await until('the service prints', async () => /^line \d+/.test(await newest()));
    const [printing] = JSON.parse((await world.candle(['ps', 'api', '--json'])).stdout).services;
    disk.fill(0);
    await awaitHeldOutput(printing.pid);
    disk.free();
    const printed = await endPrinting(end);
    expect(tally(await logsOfEnded(world))).toEqual(allOf(printed));
  }),
  { simulatedBy: 'a small file system' },
);
