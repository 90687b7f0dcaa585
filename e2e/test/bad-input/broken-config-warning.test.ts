import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inPart } from '../bounded.ts';
import { sandbox } from '../sandbox.ts';
import { brokenConfigs } from './broken-configs.ts';
import { inSandbox, refusal } from './refusal.ts';

const config = { services: [{ name: 'api', shell: 'echo hello; sleep 600' }] };

/** All cases except duplicate names and keys, which the same validation finds as other invalid content. */
const cases = brokenConfigs.filter(({ title }) => !title.includes('duplicate'));

inPart(2).each(cases)(
  'if .candle.json is $title, commands that do not need it work and print a warning',
  async (broken) => {
    const box = sandbox({ config });
    const path = join(box.projectDir, '.candle.json');
    await box.candle(['start', 'api', '--bg']);
    await box.candle(['reserve-port', 'web']);
    const { port } = await box.candleJson(['get-reserved-port', 'web']);
    rmSync(path);
    broken.make(path);

    const warning = `Warning: ${path} ${broken.problem}\nFix ${path}\n`;
    const outputs: Record<string, string> = {};
    const run = async (line: string) => {
      const { exitCode, stdout, stderr } = await box.candle(line.split(' '));
      const messages = stderr.replace(/^Next: candle .*\n$/m, '');
      expect({ line, exitCode, messages }).toEqual({ line, exitCode: 0, messages: warning });
      outputs[line] = stdout;
    };
    await Promise.all(['ps', 'list', 'logs api', 'get-reserved-port web', 'get-or-reserve-port web'].map(run));
    await Promise.all(['release-ports web', 'kill api'].map(run));
    expect(outputs.ps).toMatch(/^api +RUNNING/m);
    expect(outputs.list).toMatch(/^api\n +Status: +RUNNING/m);
    expect(outputs['logs api']).toBe('hello\n');
    expect(outputs['get-reserved-port web']).toBe(`${port}\n`);
    expect(outputs['get-or-reserve-port web']).toBe(`${port}\n`);
    expect(outputs['release-ports web']).toBe(`Released port ${port} for service 'web'\n`);
    expect(outputs['kill api']).toBe("[Stopped process 'api']\n");
    expect(box.processes()).toEqual([]);
  },
);

test('the other port commands also work, and with --json they print only JSON', async () => {
  const box = sandbox({ config: '{' });
  const warning = /^Warning: .*\/\.candle\.json is not valid/;
  for (const line of [['reserve-port'], ['list-reserved-ports'], ['kill'], ['release-ports']]) {
    expect(await box.candle(line)).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(warning) });
    expect(await box.candle([...line, '--json'])).toMatchObject({ exitCode: 0, stderr: '' });
  }
});

test('ps --all warns about the broken configurations of all projects', async () => {
  const box = sandbox({ config });
  await box.candle(['start', 'api', '--bg']);
  box.writeConfig('{');
  const ps = await box.candle(['ps', '--all'], { cwd: box.home });
  expect(ps.stderr).toContain(`Warning: ${box.projectDir}/.candle.json is not valid`);
  expect(ps.stdout).toMatch(/^api +RUNNING/m);
});

test('an error is printed before the warning', async () => {
  const box = sandbox({ config: '{' });
  const { stderr, exitCode } = await box.candle(['get-reserved-port', 'api']);
  expect(exitCode).toBe(1);
  expect(stderr.split('\n').slice(0, 3)).toEqual([
    "Error: No reserved port found for service 'api'",
    'To reserve one: candle reserve-port api',
    `Warning: ${box.projectDir}/.candle.json is not valid (1 problem):`,
  ]);
});

test('the error for an unknown service says that the configuration cannot be used', async () => {
  const box = sandbox({ config: '{' });
  for (const command of ['kill', 'logs', 'ps'] as const) {
    const { code, hint, details } = await refusal(inSandbox(box), [command, 'api']);
    expect(code).toBe('SERVICE_UNKNOWN');
    expect(hint).toContain('because .candle.json cannot be used');
    expect(details).toMatchObject({ configIsBroken: true });
  }
});

test('a valid configuration causes no warning', async () => {
  const box = sandbox({ config });
  expect(await box.candle(['reserve-port', 'api'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(readFileSync(join(box.projectDir, '.candle.json'), 'utf8')).toBe(JSON.stringify(config, null, 2));
});
