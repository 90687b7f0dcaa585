import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

const fixture = 'idles.mjs';

function spawnCandle(box: Sandbox, ...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { cwd: box.projectDir, env: box.env, stdio: 'ignore' });
  return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
}

/** Kills a start with SIGKILL once `moment` has come; or lets it end, when that is first. */
async function killStart(box: Sandbox, verb: string, moment: () => boolean | Promise<boolean>): Promise<void> {
  const { child, ended } = spawnCandle(box, verb, 'api');
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver && !(await moment())) await new Promise(setImmediate);
  child.kill('SIGKILL');
  await ended;
}

/** Runs and is listed, or does not run; in time, as what the killed start has spawned may be on its way. */
async function expectOneOrNone(box: Sandbox): Promise<void> {
  await until(
    'list and the processes agree',
    async () => {
      const [service] = (await box.candleJson(['list', 'api'])).services;
      const programs = executing(box, fixture);
      expect(programs.length).toBeLessThanOrEqual(1);
      return service.status === 'RUNNING' ? programs.length === 1 : !service.running && box.processes().length === 0;
    },
    { timeoutMs: 5_000, explain: async () => JSON.stringify([await box.candleJson(['list']), box.processes()]) },
  );
}

/** Moments of a start that can be seen from outside, in their order; `runs` is how many there were before. */
const moments: readonly [string, 'start' | 'check-start', (box: Sandbox, runs: number) => boolean][] = [
  ['the run has its directory', 'start', (box, runs) => filesOfRuns(box, 'launch.json').length > runs],
  ['the run has its pipes', 'check-start', (box, runs) => filesOfRuns(box, 'exit-pipe').length > runs],
  ['the run has its spool', 'start', (box, runs) => filesOfRuns(box, 'spool').length > runs],
  ['the guard has told its pid', 'check-start', (box) => filesOfRuns(box, 'pid').some(isWritten)],
  ['the program runs', 'start', (box) => executing(box, fixture).length > 0],
];

function filesOfRuns(box: Sandbox, name: string): string[] {
  return globSync(join(box.stateDir, 'runs', '*', name));
}

function isWritten(path: string): boolean {
  return readFileSync(path, 'utf8').trim() !== '';
}

test.each(moments)(
  'when %s and %s is killed, one service or none is left, and nothing is started later',
  async (_, verb, hasCome) => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: program(fixture) }] } });
    await killStart(box, verb, () => hasCome(box, 0));
    await expectOneOrNone(box);
    const runs = filesOfRuns(box, 'shim.sh').length;
    for (const reading of ['ps', 'logs', 'list-all']) await box.candle([reading]);
    expect(filesOfRuns(box, 'shim.sh')).toHaveLength(runs);
    expect((await box.candle([verb, 'api'])).exitCode).toBe(0);
    expect(executing(box, fixture)).toHaveLength(1);
    expect((await box.candle(['kill'])).exitCode).toBe(0);
    expect(box.processes()).toEqual([]);
  },
);

test('a start that is killed at any moment, also while it replaces a run, leaves one service or none', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program(fixture) }] } });
  for (let round = 0; round < 6; round++) {
    const deadlineMs = performance.now() + 80 + Math.random() * 500;
    await killStart(box, 'start', async () => {
      await sleep(1);
      return performance.now() > deadlineMs;
    });
    await expectOneOrNone(box);
  }
  const { stdout, stderr, exitCode } = await box.candle(['start', 'api', '--json']);
  expect({ stderr, exitCode }, stdout).toEqual({ stderr: '', exitCode: 0 });
  expect(executing(box, fixture)).toHaveLength(1);
  await expectOneOrNone(box);
});

test('a start that was cut off before its program ran is told as that', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program(fixture) }] } });
  for (let runs = 0; runs < 20; runs++) {
    await killStart(box, 'start', () => filesOfRuns(box, 'shim.sh').length > runs);
    await expectOneOrNone(box);
    const [service] = (await box.candleJson(['list'])).services;
    // Killed too late, so it is replaced by the next.
    if (service.running) continue;
    expect(service).toMatchObject({ status: 'FAILED', exitCode: null });
    break;
  }
  expect((await box.candle(['start'])).exitCode).toBe(0);
  expect((await box.candle(['logs'])).stdout).toContain('--- start was interrupted');
});
