import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { runEach } from './answers.ts';
import { executing, program } from './programs.ts';

const idles = program('idles.mjs');

test('a changed configuration is marked in list and ps until restart applies it', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: `exec ${idles}` }] } });
  await box.candle(['start']);
  expect((await box.candle(['ps'])).stdout).not.toContain('config changed');
  mkdirSync(join(box.projectDir, 'new'));
  box.writeConfig({ services: [{ name: 'api', shell: idles, ready: false, root: 'new' }] });

  expect((await box.candle(['list'])).stdout).toContain('Status:    RUNNING [config changed]');
  expect((await box.candle(['ps'])).stdout).toMatch(/^api +RUNNING \[config changed\] /m);
  // list shows the command that is running, not the one that a restart would run.
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { configChanged: true, shell: `exec ${idles}`, root: box.projectDir },
  ]);
  expect((await box.candle(['check-start'])).stdout).toContain('[Already running');

  expect((await box.candle(['restart', 'api'])).stdout).toContain(
    `[Started process 'api'] $ ${idles}\n[With root directory: ${box.projectDir}/new]`,
  );
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { configChanged: false, root: `${box.projectDir}/new` },
  ]);
});

test('with an invalid configuration, only the commands that need it fail; the others warn', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
  await box.candle(['start']);
  box.writeConfig('{ "services": [ { "name": "api" } ]');

  for (const { args, stdout, stderr, exitCode } of await runEach(box, ['start'], ['check-start'], ['restart'])) {
    const [verb] = args;
    expect({ stdout, exitCode }, verb).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toMatch(/^Error: .*\.candle\.json is not valid/);
  }
  for (const { args, stdout, stderr, exitCode } of await runEach(box, ['list'], ['ps'], ['logs'])) {
    const [verb] = args;
    expect(exitCode, verb).toBe(0);
    expect(stdout, verb).toMatch(verb === 'logs' ? /up/ : /api[\s\S]*RUNNING/);
    expect(stderr, verb).toMatch(/^Warning: .*\.candle\.json is not valid/);
    expect(stderr.match(/Warning/g), verb).toHaveLength(1);
  }
  const kill = await box.candle(['kill', 'api']);
  expect(kill).toMatchObject({ stdout: "[Stopped process 'api']\n", exitCode: 0 });
  expect(kill.stderr).toMatch(/^Warning: .*\.candle\.json is not valid/);
});

test('a service removed from the configuration can be listed and killed, but not started', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: idles, ready: false }] } });
  await box.candle(['start', 'api']);
  box.writeConfig({ services: [{ name: 'web', shell: idles, ready: false }] });
  expect((await box.candleJson(['list'])).services).toMatchObject([
    { name: 'web', status: 'not running' },
    { name: 'api', status: 'RUNNING' },
  ]);
  const failed = await runEach(box, ['start', 'api'], ['check-start', 'api'], ['restart', 'api'], ['restart']);
  for (const { args, ...answer } of failed) {
    expect(answer, args.join(' ')).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(/^Error: Service 'api' is not configured in .*\.candle\.json\n/),
      exitCode: 1,
    });
  }
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
  expect(await box.candle(['kill', 'api'])).toMatchObject({ stdout: "[Stopped process 'api']\n", exitCode: 0 });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ name: 'web' }]);
});
