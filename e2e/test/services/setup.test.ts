import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { describe, expect, test } from 'vitest';
import { inPart, testInFull } from '../bounded.ts';
import { calm } from '../calm.ts';
import { bin, sandbox } from '../sandbox.ts';
import { begin } from './begin.ts';
import { executing, program } from './programs.ts';

const idles = program('idles.mjs');
/** Appends a line for each time that it runs. */
const counts = 'echo installing; echo run >> count';
/** The same, and continues until the test creates `go`. */
const waits = `${counts}; while ! test -e go; do sleep 0.05; done; echo installed`;

function project(setup: unknown, services: object = { api: { shell: idles, port: null } }) {
  return { setup, services };
}

/** How often the setup has run. */
function count(box: Sandbox, dir = box.projectDir): number {
  const path = join(dir, 'count');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

async function untilRun(box: Sandbox, times = 1): Promise<void> {
  await until('the setup runs', () => count(box) === times);
}

test('a setup that reads its stdin finds it empty', async () => {
  const box = sandbox({ config: project(`cat && read answer || ${counts}`) });
  expect(await box.candle(['up'])).toMatchObject({ exitCode: 0 });
  expect(count(box)).toBe(1);
});

test('runs once before the first start, and again when the command or an input changes', async () => {
  const box = sandbox({ config: project({ run: counts, inputs: ['lock'] }) });
  box.writeFile('lock', 'one');
  const first = await box.candle(['start']);
  expect(first).toMatchObject({ exitCode: 0 });
  expect(first.stderr).toContain(`  setup: ${counts}`);
  expect(first.stderr).toMatch(/Running the setup of the project: .*\ninstalling\n/);
  expect(count(box)).toBe(1);
  expect(await box.candle(['start'])).toMatchObject({ stderr: calm, exitCode: 0 });
  expect(await box.candle(['up'])).toMatchObject({ stderr: calm, exitCode: 0 });
  expect(count(box)).toBe(1);

  box.writeFile('lock', 'two');
  expect((await box.candle(['up'])).stderr).toContain('installing');
  expect(count(box)).toBe(2);
  // Only the content counts.
  utimesSync(join(box.projectDir, 'lock'), new Date(), new Date());
  await box.candle(['up']);
  expect(count(box)).toBe(2);
  box.writeConfig(project({ run: `${counts}; true`, inputs: ['lock'] }));
  expect((await box.candle(['check-start'])).stderr).not.toContain('installing');
  await box.candle(['kill']);
  expect((await box.candle(['check-start'])).stderr).toContain('installing');
  expect(count(box)).toBe(3);
});

test('runs once in each checkout, in the project directory and with the variables of a service without a port', async () => {
  const box = sandbox({ config: project('pwd; env; echo run >> count', { api: { shell: idles, port: 'auto' } }) });
  const first = await box.candle(['start'], { env: { PORT: '1234' } });
  expect(first.stderr).toContain(`\n${box.projectDir}\n`);
  for (const line of ['CANDLE_SERVICE=setup', `CANDLE_PROJECT=${box.projectDir}`, 'API_PORT=4000', 'PORT=1234'])
    expect(first.stderr).toMatch(new RegExp(`^${line}$`, 'm'));
  const other = join(box.root, 'other');
  mkdirSync(other);
  writeFileSync(join(other, '.candle.json'), readFileSync(join(box.projectDir, '.candle.json')));
  await box.candle(['start'], { cwd: other });
  expect([count(box), count(box, other)]).toEqual([1, 1]);
});

describe('a setup that fails', () => {
  inPart(2).each([['start'], ['check-start'], ['up'], ['restart', 'api']])(
    'starts nothing with %s',
    async (...args) => {
      const box = sandbox({ config: project('echo no network >&2; exit 7') });
      const { exitCode, stderr, stdout } = await box.candle(args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain(
        'The setup of the project failed: it exited with code 7. This command started no service',
      );
      expect(stderr).toContain('no network');
      expect(stderr).toContain('candle logs setup');
      expect(executing(box, 'idles.mjs')).toEqual([]);
    },
  );

  test('runs again at the next start', async () => {
    const box = sandbox({ config: project('test -e go') });
    expect((await box.candle(['start'])).exitCode).toBe(1);
    box.writeFile('go', '');
    expect((await box.candle(['start'])).exitCode).toBe(0);
  });
});

test('with --json, stdout contains only the document, and the output is on stderr', async () => {
  const box = sandbox({ config: project(counts) });
  const up = await box.candle(['up', '--json']);
  expect(JSON.parse(up.stdout)).toMatchObject({ ready: true, newCommands: [{ name: 'setup', shell: counts }, {}] });
  expect(up.stderr).toContain('installing');
  box.writeConfig(project('exit 3'));
  const failed = await box.candle(['up', '--json']);
  expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'SETUP_FAILED', details: { exitCode: 3 } } });
  expect(failed.exitCode).toBe(1);
});

test('many first starts at once run it once, and all wait for it', async () => {
  const box = sandbox({ config: project(waits) });
  const starts = Array.from({ length: 16 }, (_, at) => begin(box, at % 2 === 0 ? 'check-start' : 'up', '--json'));
  await untilRun(box);
  expect(executing(box, 'idles.mjs')).toEqual([]);
  await until('all wait', () => starts.every(({ stderr }) => stderr().includes('installing')), { timeoutMs: 60_000 });
  box.writeFile('go', '');
  expect(await Promise.all(starts.map(({ ended }) => ended))).toEqual(starts.map(() => 0));
  expect(count(box)).toBe(1);
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
});

test('after the command that started it was killed, the next one waits for the setup that is still running', async () => {
  const box = sandbox({ config: project(waits) });
  const killed = begin(box, 'start');
  await untilRun(box);
  killed.child.kill('SIGKILL');
  await killed.ended;
  const next = begin(box, 'start');
  await until('the next start waits', () => next.stderr().includes('installing'));
  box.writeFile('go', '');
  expect(await next.ended).toBe(0);
  expect(count(box)).toBe(1);
});

testInFull('a setup that prints nothing is reported with the time that it has run', async () => {
  const box = sandbox({ config: project(waits) });
  const started = begin(box, 'up', '--detach');
  await until('the wait is reported', () => started.stderr().includes('Waiting for the setup, which has run for'));
  box.writeFile('go', '');
  expect(await started.ended).toBe(0);
});

test('a setup that ends after the command that started it was killed counts as done', async () => {
  const box = sandbox({ config: project(waits) });
  const killed = begin(box, 'start');
  await untilRun(box);
  killed.child.kill('SIGKILL');
  await killed.ended;
  box.writeFile('go', '');
  await until('it has ended', async () => /installed/.test((await box.candle(['logs', 'setup'])).stdout));
  expect((await box.candle(['start'])).exitCode).toBe(0);
  expect(count(box)).toBe(1);
});

test('after the setup itself was killed, the start fails and the next one runs it again', async () => {
  const box = sandbox({ config: project(`exec sh -c '${waits}'`) });
  const first = begin(box, 'start');
  await untilRun(box);
  for (const { pid, command } of box.processes()) if (/while|runs\//.test(command)) process.kill(pid, 'SIGKILL');
  expect(await first.ended).toBe(1);
  expect(first.stderr()).toContain('The setup of the project failed');
  box.writeFile('go', '');
  expect((await box.candle(['start'])).exitCode).toBe(0);
  expect(count(box)).toBe(2);
});

test('it is a run like any other: ps and logs show it, kill ends it, and start runs it again', async () => {
  const box = sandbox({ config: project(waits) });
  const first = begin(box, 'up');
  await untilRun(box);
  expect((await box.candleJson(['list', 'setup'])).services).toMatchObject([{ name: 'setup', running: true }]);
  expect((await box.candle(['logs', 'setup'])).stdout).toContain('installing');
  expect((await box.candle(['kill', 'setup'])).exitCode).toBe(0);
  expect(await first.ended).toBe(1);
  expect(first.stderr()).toContain('it was stopped by another command');
  box.writeFile('go', '');
  expect((await box.candle(['up'])).exitCode).toBe(0);
  expect(count(box)).toBe(2);
  expect((await box.candleJson(['up'])).orphans).toEqual([]);
  expect((await box.candle(['start', 'setup'])).stderr).toContain('installed');
  expect(count(box)).toBe(3);
});

test('--no-setup skips it, and a later start runs it', async () => {
  const box = sandbox({ config: project(counts) });
  for (const args of [['start'], ['check-start'], ['up'], ['restart']]) {
    const { stderr, exitCode } = await box.candle([...args, '--no-setup']);
    expect(exitCode).toBe(0);
    expect(stderr).not.toMatch(/setup:|the setup/);
  }
  expect(count(box)).toBe(0);
  await box.candle(['start']);
  expect(count(box)).toBe(1);
});

test('commands that only read, env and exec do not run it', async () => {
  const box = sandbox({ config: project(counts) });
  for (const args of [['list'], ['ps'], ['logs', 'setup'], ['env', 'api'], ['exec', 'api', '--', 'true'], ['doctor']])
    await box.candle(args);
  expect(count(box)).toBe(0);
});

test('a setup that starts a service itself does not wait for itself', async () => {
  const box = sandbox({
    config: project(`"${process.execPath}" ${bin} start db; ${counts}`, { db: { shell: idles } }),
  });
  expect((await box.candle(['up'])).exitCode).toBe(0);
  expect(count(box)).toBe(1);
});

describe('a setup that only installs dependencies', () => {
  /** A stand-in for npm that counts its calls. */
  function installed(box: Sandbox, { lock, marker }: { lock: number; marker: number | undefined }) {
    chmodSync(box.writeFile('bin/npm', `#!/bin/sh\n${counts}\n`), 0o755);
    const at = (path: string, seconds: number) => utimesSync(box.writeFile(path, '{}'), seconds, seconds);
    at('package-lock.json', lock);
    if (marker !== undefined) at('node_modules/.package-lock.json', marker);
    return { env: { PATH: `${join(box.projectDir, 'bin')}:${box.env.PATH}` } };
  }

  const config = project({ run: 'npm ci', inputs: ['package-lock.json'] });

  test('counts as done if the dependencies are newer than the lockfile', async () => {
    const box = sandbox({ config });
    const options = installed(box, { lock: 1000, marker: 2000 });
    expect((await box.candle(['up'], options)).exitCode).toBe(0);
    expect(count(box)).toBe(0);
    // From then on, it is recorded.
    rmSync(join(box.projectDir, 'node_modules'), { recursive: true });
    expect((await box.candle(['up'], options)).exitCode).toBe(0);
    expect(count(box)).toBe(0);
  });

  inPart(1).each([
    ['older than the lockfile', { lock: 2000, marker: 1000 }],
    ['missing', { lock: 1000, marker: undefined }],
  ])('runs if the dependencies are %s', async (_, times) => {
    const box = sandbox({ config });
    expect((await box.candle(['up'], installed(box, times))).exitCode).toBe(0);
    expect(count(box)).toBe(1);
  });

  testInFull('counts as done after the user has installed a package', async () => {
    const box = sandbox({ config });
    const options = installed(box, { lock: 2000, marker: 1000 });
    await box.candle(['up'], options);
    expect(count(box)).toBe(1);
    box.writeFile('package-lock.json', '{ "packages": {} }');
    box.writeFile('node_modules/.package-lock.json', '{ "packages": {} }');
    const now = new Date();
    utimesSync(join(box.projectDir, 'package-lock.json'), now, new Date(now.getTime() - 1000));
    expect((await box.candle(['up'], options)).stderr).not.toContain('setup');
    expect(count(box)).toBe(1);
    // Another command runs, although everything is installed.
    box.writeFile('.candle.json', JSON.stringify(project({ inputs: ['package-lock.json'], run: 'npm ci --no-audit' })));
    await box.candle(['up'], options);
    expect(count(box)).toBe(2);
  });

  test('runs if the command does more than that', async () => {
    const box = sandbox({ config: project({ run: `npm ci && ${counts}`, inputs: ['package-lock.json'] }) });
    await box.candle(['up'], installed(box, { lock: 1000, marker: 2000 }));
    expect(count(box)).toBe(2);
  });
});

test.each([
  ['missing', () => undefined, 'does not exist'],
  ['a directory', (box: Sandbox) => void mkdirSync(join(box.projectDir, 'lock')), 'is a directory'],
])('an input that is %s is reported with its path', async (_, prepare, reason) => {
  const box = sandbox({ config: project({ run: counts, inputs: ['lock'] }) });
  prepare(box);
  const { stderr, exitCode } = await box.candle(['start']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`${join(box.projectDir, 'lock')}, an input of the project's setup, ${reason}`);
  expect(count(box)).toBe(0);
});

inPart(2).each([
  [{ setup: '', services: {} }, 'setup: must be a non-empty string'],
  [{ setup: { inputs: [] }, services: {} }, 'setup.run: is missing'],
  [{ setup: { run: 'true', inputs: 'lock' }, services: {} }, 'setup.inputs: must be a list of paths'],
  [{ setup: { run: 'true', input: ['lock'] }, services: {} }, "did you mean 'inputs'?"],
  [{ setup: 'true', services: { setup: { shell: 'true' } } }, "'setup' is the name of the project's setup"],
])('rejects %j', async (config, problem) => {
  const box = sandbox({ config });
  const { stderr, exitCode } = await box.candle(['up']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(problem);
});

test('what was done survives the loss of the database', async () => {
  const box = sandbox({ config: project(counts) });
  await box.candle(['start']);
  await box.candle(['kill']);
  rmSync(join(box.stateDir, 'runs'), { recursive: true });
  writeFileSync(join(box.stateDir, 'state.db'), 'damaged');
  expect(statSync(join(box.stateDir, 'state.db.last')).size).toBeGreaterThan(0);
  expect((await box.candle(['start'])).exitCode).toBe(0);
  expect(count(box)).toBe(1);
});

test('prints nothing about a setup where there is none', async () => {
  const box = sandbox({ config: { services: { api: { shell: idles, port: null } } } });
  expect(await box.candle(['up'])).toMatchObject({ stderr: calm, exitCode: 0 });
});
