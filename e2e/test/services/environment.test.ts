import { join } from 'node:path';
import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { bin, sandbox } from '../sandbox.ts';
import { environmentOf } from './environment-of.ts';
import { program } from './programs.ts';

const [printsEnv, listens, idles] = [program('prints-env.mjs'), program('listens.mjs'), program('idles.mjs')];

test('PORT is the reserved port, even if the caller, env or envFile sets it', async () => {
  const box = sandbox({
    config: { services: [{ name: 'api', shell: `${printsEnv} & ${listens}`, env: { PORT: '1' }, envFile: '.env' }] },
  });
  box.writeFile('.env', 'PORT=2\n');
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const { env } = await environmentOf(box, 'api', { PORT: '3' });
  expect(env.PORT).toBe(String(port));
});

test('without a reservation, PORT comes from the caller, but not if the caller is another service', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: printsEnv }] } });
  await box.candle(['reserve-port']);
  expect((await environmentOf(box, 'api', { PORT: '3000' })).env.PORT).toBe('3000');
  expect((await environmentOf(box, 'api')).env).not.toHaveProperty('PORT');
  expect((await environmentOf(box, 'api', { PORT: '3000', CANDLE_RUN_ID: 'another' })).env).not.toHaveProperty('PORT');
});

test('a service gets its name, project, run and state directory as variables', async () => {
  const box = sandbox({ config: { services: [{ name: 'the api', shell: printsEnv }] } });
  const { env, run } = await environmentOf(box, 'the api', {
    CANDLE_RUN_ID: 'another',
    CANDLE_SERVICE: 'another',
    CANDLE_WHATEVER: 'another',
  });
  expect(env).toMatchObject({
    CANDLE_SERVICE: 'the api',
    CANDLE_PROJECT: box.projectDir,
    CANDLE_RUN_ID: run.runId,
    CANDLE_STATE_DIR: box.stateDir,
  });
  expect(env).not.toHaveProperty('CANDLE_WHATEVER');
});

test('a service gets the environment of its caller, except variables about the caller itself', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: printsEnv }] } });
  box.writeFile('.pnp.cjs', '');
  const { env } = await environmentOf(box, 'api', {
    MINE: 'kept',
    EMPTY: '',
    NODE_ENV: 'test',
    CLAUDECODE: '1',
    CLAUDE_CODE_ENTRYPOINT: 'cli',
    CLAUDE_CODE_OAUTH_TOKEN: 'token',
    CODEX_HOME: '/codex',
    npm_lifecycle_event: 'dev',
    npm_config_user_agent: 'npm/11',
    npm_config_registry: 'x',
    INIT_CWD: '/elsewhere',
    GIT_DIR: '.git',
    NODE_PATH: '/p/node_modules/.bin/../.pnpm/node_modules',
    NODE_OPTIONS: `--require ${box.projectDir}/.pnp.cjs --no-warnings`,
  });
  expect(env).toMatchObject({ MINE: 'kept', EMPTY: '', NODE_ENV: 'test', HOME: box.home, PYTHONUNBUFFERED: '1' });
  expect(env).toMatchObject({ CLAUDE_CODE_OAUTH_TOKEN: 'token', CODEX_HOME: '/codex', npm_config_registry: 'x' });
  expect(env.NODE_OPTIONS).toBe('--no-warnings');
  const ofCaller = /^(npm_(?!config_registry)|INIT_CWD|CLAUDECODE|CLAUDE_CODE_E|GIT_|NODE_PATH)/;
  expect(Object.keys(env).filter((name) => ofCaller.test(name))).toEqual([]);
});

test('env overrides envFile, a later file overrides an earlier one, and both override the caller', async () => {
  const box = sandbox({
    config: {
      services: [
        {
          name: 'api',
          shell: printsEnv,
          env: { A: 'env', NUMBER: 5, FLAG: true, PYTHONUNBUFFERED: '' },
          envFile: ['.env', 'more/.env.local'],
        },
      ],
    },
  });
  box.writeFile('.env', 'A=first\nB=first\nC=first\n# comment\nQUOTED="two words # no comment"\nexport D=first\n');
  box.writeFile('more/.env.local', 'A=second\nB=second\n');
  const { env } = await environmentOf(box, 'api', { A: 'caller', B: 'caller', C: 'caller', E: 'caller' });
  expect(env).toMatchObject({ A: 'env', B: 'second', C: 'first', D: 'first', E: 'caller' });
  expect(env).toMatchObject({ NUMBER: '5', FLAG: 'true', QUOTED: 'two words # no comment', PYTHONUNBUFFERED: '' });
});

test('restart with a missing envFile fails and does not stop the running service', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: printsEnv }] } });
  const { run } = await environmentOf(box, 'api');
  box.writeConfig({ services: [{ name: 'api', shell: printsEnv, envFile: '.env' }] });
  expect(await box.candle(['restart', 'api'])).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/^Error: The envFile .*\/\.env of service 'api' cannot be read: it does not exist\n/),
    exitCode: 1,
  });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'RUNNING', pid: run.pid }]);
});

test.each([
  ['is a directory', 'directory', 'it is a directory'],
  ['is below a file', 'file/.env', 'it does not exist'],
  ['is the second of two', ['file', 'missing'], 'it does not exist'],
])('an envFile that %s is reported, and nothing is started', async (_, envFile, reason) => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: printsEnv, envFile }] } });
  box.writeFile('file', 'A=1\n');
  box.writeFile('directory/any', '');
  const path = join(box.projectDir, [envFile].flat().at(-1) ?? '');
  expect(await refusal(inSandbox(box), ['start'])).toEqual({
    code: 'SERVICE_ENV_FILE_UNREADABLE',
    message: `The envFile ${path} of service 'api' cannot be read: ${reason}`,
    hint: "Create the file, or remove it from the service's envFile in .candle.json",
    details: { path, serviceName: 'api', reason },
  });
  expect((await box.candleJson(['list'])).services).toMatchObject([{ status: 'not running', runId: null }]);
});

test('a service started by another service survives the kill of that service', async () => {
  const start = `'${process.execPath}' '${bin}' start inner --shell ${JSON.stringify(idles)}`;
  const box = sandbox({ config: { services: [{ name: 'outer', shell: `${start}; exec sleep 1000` }] } });
  const services = async () => (await box.candleJson(['list'])).services;
  await box.candle(['start', 'outer']);
  await until('the inner service is running', async () => (await services())[1]?.running, {
    explain: async () => (await box.candle(['logs'])).stdout,
  });
  const [, inner] = await services();
  expect(await box.candle(['kill', 'outer'])).toMatchObject({ stdout: "[Stopped process 'outer']\n", exitCode: 0 });
  expect(await services()).toMatchObject([
    { name: 'outer', status: 'not running' },
    { name: 'inner', status: 'RUNNING', pid: inner.pid },
  ]);
});

test('a service whose env sets an invalid PATH still starts its shell', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'echo begun; ls', env: { PATH: '/nowhere' } }] } });
  expect(await box.candle(['start'])).toMatchObject({
    stderr: expect.stringMatching(/it exited with code 127\nIts last lines:\n {2}begun\n.*ls: .*not found/),
    exitCode: 1,
  });
});
