import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { openStore } from '../store.ts';
import { begin } from './begin.ts';
import { executing, program } from './programs.ts';

const idles = program('idles.mjs');
const counts = 'echo run >> count';
/** Continues until the test creates `go`. */
const waits = `${counts}; while ! test -e go; do sleep 0.05; done; echo migrated`;

function boxOf(job: object, web: object = {}): Sandbox {
  const services = {
    migrate: { shell: counts, oneshot: true, ...job },
    web: { shell: idles, port: null, dependsOn: 'migrate', ...web },
  };
  return sandbox({ config: { services } });
}

function count(box: Sandbox): number {
  const path = join(box.projectDir, 'count');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

async function statuses(box: Sandbox): Promise<readonly string[]> {
  const { services } = await box.candleJson(['ps']);
  return services.map(({ status }: { status: string }) => status);
}

async function startedAtMs(box: Sandbox, name: string): Promise<number> {
  const store = await openStore(box);
  const run = store.prepare('SELECT max(started_at_ms) AS ms FROM runs WHERE service_name = ?').get(name);
  return Number(run?.ms);
}

describe('dependents wait for the end of a job', () => {
  inPart(1).each([['start'], ['start', 'web'], ['check-start'], ['up'], ['start', '--wait', '1s']])(
    'with %s %s',
    async (...args) => {
      // Longer than any other start waits, and than the time to wait that is given.
      const box = boxOf({ shell: 'sleep 6; touch done' }, { shell: `test -e done && exec ${idles}` });
      const { exitCode, stderr } = await box.candle(args);
      expect(exitCode).toBe(0);
      expect(stderr.match(/^Waiting for 'migrate': it has not ended$/gm)).toHaveLength(1);
      expect(await statuses(box)).toEqual(['DONE', 'RUNNING']);
      expect((await box.candle(['ps'])).stdout).toMatch(/^migrate +DONE +- +- +- +- +-$/m);
    },
  );

  test('and are not started if it fails, which the error says with the chain and the last lines', async () => {
    const box = boxOf({ shell: 'sleep 1; echo no such table; exit 4' });
    const { stdout, stderr, exitCode } = await box.candle(['start', 'web']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^\[Started process 'migrate'\] /);
    expect(stderr).toContain(`- The job 'migrate' failed: it exited with code 4
  Its last lines:
    no such table
  To see all of its output: candle logs migrate
- Service 'web' was not started because it depends on 'migrate': The job 'migrate' failed: it exited with code 4`);
    expect(executing(box, 'idles.mjs')).toEqual([]);
    expect(await statuses(box)).toEqual(['EXITED (4)', 'not running']);
  });

  test('and are not started if it is stopped', async () => {
    const box = boxOf({ shell: `trap 'exit 0' TERM; ${waits}` });
    const start = begin(box, 'up');
    await until('the job runs', () => count(box) === 1);
    expect(await box.candle(['kill', 'migrate'])).toMatchObject({ stdout: "[Stopped process 'migrate']\n" });
    expect(await start.ended).toBe(1);
    expect(start.stderr()).toContain("The job 'migrate' failed: it was stopped by another command");
    expect(await statuses(box)).toEqual(['not running', 'not running']);
  });

  test('through another job', async () => {
    const services = {
      migrate: { shell: 'sleep 1; echo migrate >> order', oneshot: true },
      seed: { shell: 'echo seed >> order', oneshot: true, dependsOn: 'migrate' },
      web: { shell: `echo web >> order; exec ${idles}`, port: null, dependsOn: 'seed' },
    };
    const box = sandbox({ config: { services } });
    expect(await box.candle(['start', 'web'])).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(box.projectDir, 'order'), 'utf8')).toBe('migrate\nseed\nweb\n');
  });
});

describe('a job that has succeeded', () => {
  test('is not repeated by up, check-start, a start of all services, or a start or restart of a dependent', async () => {
    const box = boxOf({});
    await box.candle(['start']);
    for (const args of [
      ['up'],
      ['check-start'],
      ['check-start', 'migrate'],
      ['start'],
      ['start', 'web'],
      ['restart', 'web'],
      ['restart'],
    ])
      expect(await box.candle(args)).toMatchObject({ exitCode: 0 });
    expect(count(box)).toBe(1);
    expect((await box.candle(['check-start', 'migrate'])).stdout).toBe("[Already done: 'migrate']\n");
    expect((await box.candle(['up'])).stdout).toMatch(/^migrate +done/m);
    expect((await box.candleJson(['check-start', 'migrate'])).services).toMatchObject([
      { outcome: 'kept', status: 'DONE', ready: null, pid: null },
    ]);
  });

  test('is repeated by a start or restart that names it', async () => {
    const box = boxOf({});
    await box.candle(['start']);
    expect(await box.candle(['start', 'migrate'])).toMatchObject({
      stdout: expect.stringContaining('finished with code 0]'),
      exitCode: 0,
    });
    expect(count(box)).toBe(2);
    expect(await box.candle(['restart', 'migrate'])).toMatchObject({ exitCode: 0 });
    expect(count(box)).toBe(3);
  });

  inPart(1).each([['kill', 'migrate'], ['down', 'migrate'], ['kill'], ['down'], ['kill-all']])(
    'is no longer done after %s %s',
    async (...args) => {
      const box = boxOf({});
      await box.candle(['start']);
      const { stdout, exitCode } = await box.candle(args);
      expect(stdout).toContain("[Reset job 'migrate': it runs again at the next start]\n");
      expect(exitCode).toBe(0);
      expect((await box.candleJson(['kill', 'migrate'])).services).toMatchObject([{ jobReset: false }]);
      expect((await box.candle(['ps', 'migrate'])).stdout).toMatch(
        /^migrate +not running \[runs again at the next start, because it was stopped\]/m,
      );
      await box.candle(['up']);
      expect(count(box)).toBe(2);
      expect((await statuses(box))[0]).toBe('DONE');
    },
  );

  test('stays done if only a dependent is stopped', async () => {
    const box = boxOf({});
    await box.candle(['start']);
    await box.candle(['kill', 'web']);
    expect(await statuses(box)).toEqual(['DONE', 'not running']);
    await box.candle(['up']);
    expect(count(box)).toBe(1);
    const reset = { name: 'migrate', stopped: false, jobReset: true };
    expect((await box.candleJson(['kill', 'migrate'])).services).toMatchObject([reset]);
  });

  test('runs again after its definition, an input or its envFile has changed, and after a restart of the machine', async () => {
    const job = { inputs: ['schema.sql'], envFile: '.env' };
    const box = boxOf(job);
    box.writeFile('schema.sql', 'one');
    box.writeFile('.env', 'DATABASE=one');
    const expectRuns = async (runs: number, undoneReason: string | null) => {
      const [before] = (await box.candleJson(['list', 'migrate'])).services;
      expect(before).toMatchObject({ status: runs === 1 ? 'not running' : 'EXITED (0)', undoneReason });
      expect(await box.candle(['up'])).toMatchObject({ exitCode: 0 });
      expect(count(box)).toBe(runs);
      expect(await statuses(box)).toEqual(['DONE', 'RUNNING']);
      await box.candle(['up']);
      expect(count(box)).toBe(runs);
    };
    await expectRuns(1, null);
    const web = await startedAtMs(box, 'web');
    box.writeFile('schema.sql', 'two');
    await expectRuns(2, 'an input or a file of its envFile has changed');
    box.writeFile('.env', 'DATABASE=two');
    await expectRuns(3, 'an input or a file of its envFile has changed');
    box.writeConfig({
      services: {
        migrate: { shell: `${counts}; true`, oneshot: true, ...job },
        web: { shell: idles, port: null, dependsOn: 'migrate' },
      },
    });
    await expectRuns(4, 'its definition has changed');
    (await openStore(box)).prepare("UPDATE runs SET boot_id = 'earlier' WHERE service_name = 'migrate'").run();
    await expectRuns(5, 'the machine has restarted');
    expect(await startedAtMs(box, 'web')).toBe(web);
  });

  test('an input that cannot be read is an error, and nothing is started', async () => {
    const box = boxOf({ inputs: ['missing.sql'] });
    const { exitCode, stderr } = await box.candle(['up']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`missing.sql, an input of the job 'migrate', does not exist`);
    expect(executing(box, 'idles.mjs')).toEqual([]);
    expect(await statuses(box)).toEqual(['not running', 'not running']);
  });
});

test('a job that failed runs again at the next start', async () => {
  const box = boxOf({ shell: `${counts}; test -e go` });
  expect(await box.candle(['up'])).toMatchObject({ exitCode: 1 });
  box.writeFile('go', '');
  expect(await box.candle(['up'])).toMatchObject({ exitCode: 0 });
  expect(count(box)).toBe(2);
});

inPart(1).each([['up'], ['start'], ['start', 'migrate']])(
  'if the command that started a job is killed, the job runs on, and the next %s %s waits for that run',
  async (...args) => {
    const box = boxOf({ shell: waits });
    const first = begin(box, 'up');
    await until('the job runs', () => count(box) === 1);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = begin(box, ...args, '--json');
    expect((await statuses(box))[0]).toBe('RUNNING');
    box.writeFile('go', '');
    expect(await second.ended).toBe(0);
    expect(count(box)).toBe(1);
    // Nothing but a command starts the dependents.
    expect(await statuses(box)).toEqual(['DONE', args[1] === 'migrate' ? 'not running' : 'RUNNING']);
  },
);

test('the dependents of a job whose command was killed are not started by the supervisor', async () => {
  const box = boxOf({ shell: waits });
  const first = begin(box, 'up');
  await until('the job runs', () => count(box) === 1);
  first.child.kill('SIGKILL');
  await first.ended;
  box.writeFile('go', '');
  await until('the job is done', async () => (await statuses(box))[0] === 'DONE');
  await until('the supervisor has exited', () => box.background().length === 0);
  expect(await statuses(box)).toEqual(['DONE', 'not running']);
  expect(await box.candle(['up'])).toMatchObject({ exitCode: 0 });
  expect(count(box)).toBe(1);
});

test('many starts at once run a job once', async () => {
  const box = boxOf({ shell: waits });
  const starts = Array.from({ length: 8 }, (_, at) => begin(box, at % 2 === 0 ? 'check-start' : 'up', '--json'));
  await until('the job runs', () => count(box) === 1);
  expect(executing(box, 'idles.mjs')).toEqual([]);
  box.writeFile('go', '');
  for (const { ended } of starts) expect(await ended).toBe(0);
  expect(count(box)).toBe(1);
});

test('a start without dependents returns while the job runs, and wait-for-ready waits for its success', async () => {
  const box = boxOf({ shell: waits });
  expect((await box.candleJson(['start', 'migrate'])).services).toMatchObject([
    { outcome: 'running', status: 'RUNNING', ready: false },
  ]);
  expect(await box.candle(['wait-for-ready', 'migrate', '--timeout', '0.1'])).toMatchObject({
    stderr: expect.stringContaining("The job 'migrate' has not ended after 0.1 s"),
    exitCode: 1,
  });
  expect((await box.candle(['ps'])).stdout).toMatch(/^migrate +RUNNING +no /m);
  box.writeFile('go', '');
  expect(await box.candle(['wait-for-ready', 'migrate'])).toMatchObject({
    stdout: "The job 'migrate' is done\n",
    exitCode: 0,
  });
  // And again, because it stays done.
  expect(await box.candle(['wait-for-ready', 'migrate'])).toMatchObject({ exitCode: 0 });
  rmSync(join(box.projectDir, 'go'));
});

test('up with a limit reports a job that has not ended in time, and leaves it running', async () => {
  const box = boxOf({ shell: waits });
  const { exitCode, stderr } = await box.candle(['up', '--timeout', '1s']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("The job 'migrate' has not ended after 1 s");
  expect(await statuses(box)).toEqual(['RUNNING', 'not running']);
});

test('a job that reads its stdin finds it empty', async () => {
  const box = boxOf({ shell: `cat && read answer || ${counts}` });
  expect(await box.candle(['up'])).toMatchObject({ exitCode: 0 });
  expect(count(box)).toBe(1);
});

inPart(2).each([
  [
    { ready: { log: 'done' } },
    'services.migrate.ready: must be omitted: a job is ready when it has exited with code 0',
  ],
  [{ restart: 'always' }, "services.migrate.restart: must not be 'always', because a job ends"],
  [{ oneshot: 'yes' }, 'services.migrate.oneshot: must be true or false'],
  [{ oneshot: false, inputs: ['a'] }, 'services.migrate.inputs: requires "oneshot": true'],
  [{ inputs: ['a', ''] }, 'services.migrate.inputs[1]: must be a path to a file'],
])('rejects %o', async (job, problem) => {
  const { exitCode, stderr } = await boxOf(job).candle(['start']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(problem);
});
