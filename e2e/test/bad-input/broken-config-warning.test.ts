import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { brokenConfigs } from './broken-configs.ts';
import { inSandbox, refusal } from './refusal.ts';

const config = { services: [{ name: 'api', shell: 'echo hello; sleep 600' }] };

/** What is twice in it is found where everything else that is not valid is found. */
const kinds = brokenConfigs.filter(({ title }) => !title.includes('twice'));

test.each(kinds)('.candle.json is $title: what can do without it goes on, and says so', async (broken) => {
  const box = sandbox({ config });
  const path = join(box.projectDir, '.candle.json');
  await box.candle(['start', 'api', '--bg']);
  await box.candle(['reserve-port', 'web']);
  const { port } = await box.candleJson(['get-reserved-port', 'web']);
  rmSync(path);
  broken.make(path);

  const warning = `Warning: ${path} ${broken.problem}\n`;
  const said: Record<string, string> = {};
  const say = async (line: string) => {
    const { exitCode, stdout, stderr } = await box.candle(line.split(' '));
    const talk = stderr.replace(/^Next: candle .*\n$/m, '');
    expect({ line, exitCode, talk }).toEqual({ line, exitCode: 0, talk: warning });
    said[line] = stdout;
  };
  await Promise.all(['ps', 'list', 'logs api', 'get-reserved-port web', 'get-or-reserve-port web'].map(say));
  await Promise.all(['release-ports web', 'kill api'].map(say));
  expect(said.ps).toMatch(/^api +RUNNING/m);
  expect(said.list).toMatch(/^api\n +Status: +RUNNING/m);
  expect(said['logs api']).toBe('hello\n');
  expect(said['get-reserved-port web']).toBe(`${port}\n`);
  expect(said['get-or-reserve-port web']).toBe(`${port}\n`);
  expect(said['release-ports web']).toBe(`Released port ${port} for service 'web'\n`);
  expect(said['kill api']).toBe("[Stopped process 'api']\n");
  expect(box.processes()).toEqual([]);
});

test('the other commands on ports go on too, and nothing but JSON is written with --json', async () => {
  const box = sandbox({ config: '{' });
  const warning = /^Warning: .*\/\.candle\.json is not valid/;
  for (const line of [['reserve-port'], ['list-reserved-ports'], ['kill'], ['release-ports']]) {
    expect(await box.candle(line)).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(warning) });
    expect(await box.candle([...line, '--json'])).toMatchObject({ exitCode: 0, stderr: '' });
  }
});

test('of every project, the broken configurations are named', async () => {
  const box = sandbox({ config });
  await box.candle(['start', 'api', '--bg']);
  box.writeConfig('{');
  const ps = await box.candle(['ps', '--all'], { cwd: box.home });
  expect(ps.stderr).toContain(`Warning: ${box.projectDir}/.candle.json is not valid`);
  expect(ps.stdout).toMatch(/^api +RUNNING/m);
});

test('a failure keeps the first line; the warning comes after it', async () => {
  const box = sandbox({ config: '{' });
  const { stderr, exitCode } = await box.candle(['get-reserved-port', 'api']);
  expect(exitCode).toBe(1);
  expect(stderr.split('\n').slice(0, 3)).toEqual([
    "Error: No reserved port found for service 'api'",
    'To reserve one: candle reserve-port api',
    `Warning: ${box.projectDir}/.candle.json is not valid (1 problem):`,
  ]);
});

test('a service that only the broken file may name is refused with that reason', async () => {
  const box = sandbox({ config: '{' });
  for (const command of ['kill', 'logs', 'ps'] as const) {
    const { code, hint, details } = await refusal(inSandbox(box), [command, 'api']);
    expect(code).toBe('SERVICE_UNKNOWN');
    expect(hint).toContain('it cannot be read');
    expect(details).toMatchObject({ configIsBroken: true });
  }
});

test('a good configuration is not spoken of', async () => {
  const box = sandbox({ config });
  expect(await box.candle(['reserve-port', 'api'])).toMatchObject({ exitCode: 0, stderr: '' });
  expect(readFileSync(join(box.projectDir, '.candle.json'), 'utf8')).toBe(JSON.stringify(config, null, 2));
});
