import { spawnSync } from 'node:child_process';
import { runProgram, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { bin, sandbox } from '../sandbox.ts';
import { environmentOf } from './environment-of.ts';
import { executing, program } from './programs.ts';

const variables = { 'spring.datasource.url': 'jdbc:x', 'a-b': '1', '1st': 'x' };
const printsEnv = program('prints-env.mjs');
const hasBash = spawnSync('bash', ['-c', ':']).status === 0;

test.skipIf(!hasBash)('variables with dots and hyphens from env and envFile reach the program', async () => {
  const service = {
    ...{ name: 'api', shell: `true; ${printsEnv}`, env: variables, envFile: '.env' },
    ready: { exec: 'env | grep -q ^server.port=8080' },
    stopCommand: 'env | grep -E "^(a-b|server.port)="; no-such-program',
  };
  const box = sandbox({ config: { services: [service] } });
  box.writeFile('.env', 'server.port=8080\nplain=1\n');
  const { env } = await environmentOf(box, 'api', { PORT_1: 'caller', 'x.y': 'caller' });
  expect(env).toMatchObject({ ...variables, 'server.port': '8080', plain: '1', PORT_1: 'caller' });
  expect((await box.candleJson(['restart', 'api', '--wait', '20'])).services).toMatchObject([{ ready: true }]);
  const { stderr } = await box.candle(['kill', 'api']);
  expect(stderr).toContain('it exited with code 127');
  const { stdout } = await box.candle(['logs', 'api']);
  expect(stdout).toMatch(/\nserver\.port=8080\na-b=1\nsh: line 1: no-such-program: command not found\n/);
  expect(executing(box, 'prints-env.mjs')).toEqual([]);
});

test.skipIf(!hasBash)(
  'such a service is restarted with the same variables, and ends with the code of its command',
  async () => {
    const shell = 'echo "$(env | grep ^spring) $BASH_ENV"; exit 3';
    const restart = { policy: 'on-failure', delay: '10ms', maxAttempts: 1 };
    const box = sandbox({
      config: { services: [{ name: 'api', shell: `sleep 1; ${shell}`, env: variables, ready: false, restart }] },
    });
    await box.candle(['start', 'api']);
    await until('it was restarted', async () =>
      (await box.candle(['logs', 'api'])).stdout.includes('--- restarted (1)'),
    );
    await until('it ended again', async () => /crash loop/.test((await box.candle(['ps'])).stdout));
    const { stdout } = await box.candle(['logs', 'api']);
    expect(stdout.match(/^spring.datasource.url=jdbc:x $/gm)).toHaveLength(2);
    expect(stdout).toContain('--- exited with code 3');
  },
);

test('a service without such variables runs under sh', async () => {
  const shell = 'readlink /proc/$$/exe; readlink /proc/$PPID/exe; exec sleep 1000';
  const box = sandbox({ config: { services: [{ name: 'api', shell, ready: false }] } });
  await box.candle(['start', 'api'], { env: { 'x.y': 'caller' } });
  const sh = spawnSync('readlink', ['-f', '/bin/sh'], { encoding: 'utf8' }).stdout;
  await until('it has printed both', async () => (await box.candle(['logs', 'api'])).stdout.includes(`${sh}${sh}`));
});

const hidesBash =
  'for f in /bin/bash /usr/bin/bash /usr/local/bin/bash; do [ ! -e $f ] || mount --bind /dev/null $f || exit 77; done';
const canHide = spawnSync('unshare', ['-m', 'sh', '-c', `${hidesBash}; ! test -x /bin/bash`]).status === 0;

test.skipIf(!canHide)('without bash, the start says which variables do not arrive', async () => {
  const box = sandbox({
    config: {
      services: [{ name: 'api', shell: 'exec sleep 1000', ready: false, env: { 'a.b': '1' }, envFile: '.env' }],
    },
  });
  box.writeFile('.env', 'x=1\nserver.port=8080\n');
  const script = `${hidesBash}; PATH=/usr/bin:/bin exec "$0" "$1" start`;
  const options = { cwd: box.projectDir, env: box.env };
  const { stderr, exitCode } = await runProgram('unshare', ['-m', 'sh', '-c', script, process.execPath, bin], options);
  const lost = "does not reach the program of 'api': sh drops a variable with this name; install bash";
  expect(stderr).toContain(`Warning: ${box.projectDir}/.candle.json: a.b ${lost}\n`);
  expect(stderr).toContain(`Warning: ${box.projectDir}/.env, line 2: server.port ${lost}\n`);
  expect(exitCode).toBe(0);
});
