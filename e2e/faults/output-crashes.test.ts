import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, until } from '@candle/test-kit';
import { expect } from 'vitest';
import { awaitSupervisor, killHard } from '../test/supervisor-of.ts';
import { allLogs, allOf, endPrinting, logsOfEnded, printsLines, tally } from './numbered-lines.ts';
import { type OpenWorld, type OutputWorld, outputFault } from './output-world.ts';
import { diesAtPunches, diesAtSegments, diesAtWrites, type KillPlan, type KillPoint } from './supervisor-that.ts';

/** Large enough that no older output is dropped for newer output. */
const keepAll = { maxBytes: '1GB' };

/** Kills each supervisor shortly after it starts, each time after a different delay. */
async function killSupervisors(world: OutputWorld, times: number): Promise<void> {
  let last: number | undefined;
  for (let index = 0; index < times; index++) {
    const { pid } = await awaitSupervisor(world.box, last);
    await sleep((index * 37) % 211);
    killHard(pid);
    last = pid;
  }
  await awaitSupervisor(world.box, last);
}

async function linesSurviveKills(open: OpenWorld, box: Sandbox, kills: number, rate: number): Promise<void> {
  const end = join(box.root, 'end');
  const world = open(box, { service: { shell: printsLines({ until: end, rate, exit: 0 }), logs: keepAll } });
  await world.candle(['start']);
  await killSupervisors(world, kills);
  const printed = await endPrinting(end);
  const logs = await logsOfEnded(world);
  expect(tally(logs)).toEqual(allOf(printed));
  expect(logs).toMatch(/\n--- exited with code 0 .* ---\n$/);
}

outputFault(
  2,
  'kill -9 of the supervisor 5 times while a service prints 20,000 lines a second: every line once, in order',
  (open, box) => linesSurviveKills(open, box, 5, 20_000),
  { isAlwaysRunAs55: true },
);

outputFault(
  2,
  'kill -9 of the supervisor 20 times while a service prints 100,000 lines a second: every line once, in order',
  (open, box) => linesSurviveKills(open, box, 20, 100_000),
  { slow: true },
);

const when = ['before', 'halfway', 'after'] as const;
const points = (max: number): KillPoint[] =>
  Array.from({ length: max }, (_, index) => when.map((moment) => `${index + 1} ${moment}` as const)).flat();

/** Prints until supervisors have died at every point of the plan, then checks every line and its time. */
async function linesSurviveDeaths(open: OpenWorld, box: Sandbox, plan: KillPlan): Promise<void> {
  const end = join(box.root, 'end');
  // The first burst is large enough that the supervisor frees its space.
  const shell = printsLines({ until: end, burst: 50_000, rate: 2_000, exit: 0 });
  const world = open(box, { service: { shell, logs: { maxBytes: '32MB' } }, supervisor: plan.supervisor });
  await world.candle(['start']);
  await until('supervisors have died at all points of the plan', () => plan.left() === 0, { timeoutMs: 90_000 });
  const printed = await endPrinting(end);
  expect(tally(await logsOfEnded(world))).toEqual(allOf(printed));
  const { services } = JSON.parse((await world.candle(['logs', 'api', '-n', '10000000', '--json'])).stdout);
  const lines: { kind: string; at: string | null }[] = services[0].entries;
  expect(lines.filter(({ kind }) => kind === 'line')).toHaveLength(printed);
  const now = Date.now();
  const untimed = lines.filter(({ at }) => at === null || Math.abs(now - Date.parse(at)) > 600_000);
  expect(untimed).toEqual([]);
}

const atWrites = 'killed before, during and after a write of output or of its time: every line once, every time intact';
const atSegments = 'killed while it begins a segment: every line once';
const ownDeath = 'a supervisor that kills itself at exactly that point';

outputFault(
  11,
  atWrites,
  async (open, box) => {
    await linesSurviveDeaths(open, box, diesAtWrites(box, points(3)));
  },
  { simulatedBy: ownDeath },
);
outputFault(
  11,
  `39 times ${atWrites}`,
  async (open, box) => {
    await linesSurviveDeaths(open, box, diesAtWrites(box, points(13)));
  },
  { slow: true, simulatedBy: ownDeath },
);
outputFault(
  11,
  atSegments,
  async (open, box) => {
    const plan = diesAtSegments(box, ['1 halfway', '2 before', '2 halfway', '2 after']);
    const count = 70_000;
    const service = { shell: printsLines({ count, exit: 0 }), logs: { maxBytes: '8MB' } };
    const world = open(box, { service, supervisor: plan.supervisor });
    await world.candle(['start']);
    expect(tally(await logsOfEnded(world))).toEqual(allOf(count));
    expect(plan.left()).toBe(0);
  },
  { simulatedBy: ownDeath },
);

async function linesSurvivePunches(open: OpenWorld, box: Sandbox, deaths: readonly KillPoint[]): Promise<void> {
  const plan = diesAtPunches(box, deaths);
  await linesSurviveDeaths(open, box, plan);
}

outputFault(
  12,
  'killed before, during and after freeing the space of copied output: every line once',
  (open, box) => linesSurvivePunches(open, box, ['1 before', '1 halfway', '1 after']),
  { simulatedBy: ownDeath },
);
outputFault(
  12,
  'killed 24 times before, during and after freeing the space of copied output: every line once',
  (open, box) =>
    linesSurvivePunches(
      open,
      box,
      Array.from({ length: 24 }, (_, n) => `1 ${when[n % 3] ?? 'after'}` as const),
    ),
  { slow: true, simulatedBy: ownDeath },
);

outputFault(
  32,
  'a service is stopped with SIGSTOP, and its supervisor is killed: nothing is lost, and `kill` ends the service',
  async (open, box) => {
    const service = { shell: printsLines({ rate: 20_000 }), logs: keepAll, stopTimeout: '60s' };
    const world = open(box, { service });
    await world.candle(['start']);
    const { pid } = await awaitSupervisor(box);
    const run = await world.runPath('api');
    process.kill(-Number(readFileSync(join(run, 'pid'), 'utf8')), 'SIGSTOP');
    killHard(pid);
    await awaitSupervisor(box, pid);
    // The spool also has a mark, which is shorter than a line.
    const printed = Math.floor(statSync(join(run, 'spool')).size / 100);
    expect(tally(await allLogs(world))).toEqual(allOf(printed));
    const killed = await world.candle(['kill', '--json']);
    expect(JSON.parse(killed.stdout)).toMatchObject({ services: [{ name: 'api', stopped: true, forced: false }] });
    expect(box.processes()).toEqual([]);
    expect(tally(await allLogs(world))).toMatchObject({ first: 1, missing: 0, doubled: 0, outOfOrder: 0 });
  },
  { slow: true },
);
