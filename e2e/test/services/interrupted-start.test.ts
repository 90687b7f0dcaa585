import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { bin, sandbox } from '../sandbox.ts';
import { executing, program } from './programs.ts';

const fixture = 'idles.mjs';

function spawnCandle(box: Sandbox, ...args: string[]) {
  const child = spawn(process.execPath, [bin, ...args], { cwd: box.projectDir, env: box.env, stdio: 'ignore' });
  return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
}

/** Kills a start with SIGKILL as soon as `isReached` returns true, unless the start ends first. */
async function killStart(box: Sandbox, verb: string, isReached: () => boolean | Promise<boolean>): Promise<void> {
  const { child, ended } = spawnCandle(box, verb, 'api');
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver && !(await isReached())) await new Promise(setImmediate);
  child.kill('SIGKILL');
  await ended;
}

/**
 * The service is running and listed as running, or neither. Waits for that, because processes that the killed start
 * spawned may still be starting.
 */
async function expectOneOrNone(box: Sandbox): Promise<void> {
  await until(
    'list matches the processes',
    async () => {
      const [service] = (await box.candleJson(['list', 'api'])).services;
      const programs = executing(box, fixture);
      expect(programs.length).toBeLessThanOrEqual(1);
      return service.status === 'RUNNING' ? programs.length === 1 : !service.running && box.processes().length === 0;
    },
    { explain: async () => JSON.stringify([await box.candleJson(['list']), box.processes()]) },
  );
}

/** The moments of a start that are visible from outside, in order. */
const moments: readonly [string, 'start' | 'check-start' | 'up', (box: Sandbox) => boolean][] = [
  ['the run has a directory', 'start', (box) => filesOfStarts(box, 'launch.json').length > 0],
  ['the run has its pipes', 'check-start', (box) => filesOfStarts(box, 'exit-pipe').length > 0],
  ['the run has its spool', 'start', (box) => filesOfStarts(box, 'spool').length > 0],
  ['the directory has its name', 'check-start', (box) => filesOfRuns(box, 'spool').length > 0],
  ['the shim has written its PID', 'check-start', (box) => filesOfRuns(box, 'pid').some(isWritten)],
  ['the program is running', 'start', (box) => executing(box, fixture).length > 0],
  ['the directory has its name', 'up', (box) => filesOfRuns(box, 'spool').length > 0],
  ['the program is running', 'up', (box) => executing(box, fixture).length > 0],
];

/** Also those of a start that is not recorded yet. */
function filesOfStarts(box: Sandbox, name: string): string[] {
  return globSync(join(box.stateDir, 'runs', '*', name));
}

function filesOfRuns(box: Sandbox, name: string): string[] {
  return filesOfStarts(box, name).filter((path) => !path.includes('/runs/new-'));
}

function isWritten(path: string): boolean {
  return readFileSync(path, 'utf8').trim() !== '';
}

inPart(3).each(moments)(
  'when %s, killing %s leaves at most one service, and nothing starts later',
  async (_, verb, isReached) => {
    const box = sandbox({ config: { services: [{ name: 'api', shell: program(fixture) }] } });
    await killStart(box, verb, () => isReached(box));
    await expectOneOrNone(box);
    const runs = filesOfRuns(box, 'shim.sh').length;
    for (const command of ['ps', 'logs', 'list-all']) await box.candle([command]);
    expect(filesOfRuns(box, 'shim.sh')).toHaveLength(runs);
    expect((await box.candle([verb, 'api'])).exitCode).toBe(0);
    expect(executing(box, fixture)).toHaveLength(1);
    expect((await box.candle(['kill'])).exitCode).toBe(0);
    expect(box.processes()).toEqual([]);
  },
);

test('a start that is killed at any moment, even while it replaces a run, leaves at most one service', async () => {
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

/** For Node.js: kills the process when it is about to spawn the shim. */
const dieBeforeSpawn = `import child from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
const { spawn } = child;
child.spawn = (file, ...more) => {
  if (file === '/bin/sh') process.kill(process.pid, 'SIGKILL');
  return spawn(file, ...more);
};
syncBuiltinESMExports();`;

test('a start that was killed before its program ran is reported as interrupted', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program(fixture) }] } });
  const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(dieBeforeSpawn)}`;
  expect(await box.candle(['start'], { env: { NODE_OPTIONS } })).toMatchObject({ stdout: '' });
  await expectOneOrNone(box);
  const [service] = (await box.candleJson(['list'])).services;
  expect(service).toMatchObject({ status: 'FAILED', exitCode: null, running: false });
  expect((await box.candle(['start'])).exitCode).toBe(0);
  expect((await box.candle(['logs'])).stdout).toContain('--- start was interrupted');
});
