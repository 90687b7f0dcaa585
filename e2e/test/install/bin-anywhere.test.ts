import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';

/** The directory that the README says to put on PATH. */
const installedBins = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));
const pinnedNode = join(installedBins, 'node');
const systemPath = '/usr/bin:/bin';

const whyNoPin = existsSync(pinnedNode) ? undefined : 'no Node version is pinned for this platform';

test.for([
  ['on PATH, before the system', 'candle', `${installedBins}:${systemPath}`],
  ['on PATH, after the system', 'candle', `${systemPath}:${installedBins}`],
  ['by its path', join(installedBins, 'candle'), systemPath],
])('candle %s works in any directory, on the pinned Node', async ([, command = '', PATH = ''], { skip }) => {
  skip(whyNoPin !== undefined, whyNoPin);
  const box = sandbox({ config: { services: [{ name: 'api', shell: 'echo "port $PORT"; sleep 600' }] } });
  const pinned = execFileSync(pinnedNode, ['--version'], { encoding: 'utf8' }).trim();
  const deep = join(box.projectDir, 'a/b c');
  mkdirSync(deep, { recursive: true });
  const run = (...args: string[]) => runProgram(command, args, { cwd: deep, env: { ...box.env, PATH } });

  const version = await run('--version');
  expect(version, version.stderr).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`node-${pinned}`) });
  expect((await run('reserve-port', 'web')).stdout).toMatch(/^Reserved port \d+ for service 'web'\n$/);
  expect((await run('start', 'api', '--bg')).exitCode).toBe(0);
  expect((await run('ps')).stdout).toMatch(/^api +RUNNING/m);
  expect((await run('kill')).stdout).toBe("[Stopped process 'api']\n");
});

test('candle works through a symlink, for example in ~/bin', async ({ skip }) => {
  skip(whyNoPin !== undefined, whyNoPin);
  const box = sandbox();
  mkdirSync(join(box.home, 'bin'));
  symlinkSync(join(installedBins, 'candle'), join(box.home, 'bin/candle'));
  const env = { ...box.env, PATH: `${join(box.home, 'bin')}:${systemPath}` };
  const { stdout } = await runProgram('candle', ['reserve-port', 'api'], { cwd: box.projectDir, env });
  expect(stdout).toMatch(/^Reserved port \d+ for service 'api'\n$/);
});
