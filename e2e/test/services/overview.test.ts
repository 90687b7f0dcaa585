import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { program } from './programs.ts';

/** The files of a directory, with the times of their last changes. */
function filesIn(dir: string): Readonly<Record<string, number>> {
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(names.map((name) => [name, statSync(join(dir, name)).mtimeMs]));
}

const failing = { shell: 'echo "Error: no database"; echo bye; exit 1', port: null };

test('candle without a command shows the state of the project, and changes nothing', async () => {
  const services = { web: { shell: program('listens.mjs'), port: 'auto' }, api: failing };
  const box = sandbox({ config: { services } });
  const next = async () => (await box.candle([])).stdout.match(/^Next: (.*)$/m)?.[1];
  expect(await next()).toBe('candle up');
  expect(readdirSync(box.root)).not.toContain('state');
  await box.candle(['up']);
  const supervisors = () => box.background().map(({ pid }) => pid);
  for (const pid of supervisors()) process.kill(pid, 'SIGKILL');
  const before = filesIn(box.stateDir);
  const { stdout, stderr, exitCode } = await box.candle([]);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(stdout).toBe(
    [
      box.projectDir,
      '',
      'NAME  STATUS      PORT  URL',
      'api   FAILED (1)  -     -',
      '  Error: no database',
      'web   RUNNING     4000  http://localhost:4000',
      '',
      'Next: candle logs api',
      'All commands: candle help',
      '',
    ].join('\n'),
  );
  const overview = await box.candleJson([]);
  expect(overview).toMatchObject({
    ...{ projectDir: box.projectDir, branch: null, configError: null, next: 'candle logs api', commands: [] },
    services: [
      { name: 'api', lastErrorLine: 'Error: no database' },
      { name: 'web', lastErrorLine: null, ready: true },
    ],
  });
  expect(await box.candleJson(['overview'])).toEqual(overview);
  expect(filesIn(box.stateDir)).toEqual(before);
  expect(supervisors()).toEqual([]);
});

test('candle shows who has the port of a service that is not running, and what is no longer configured', async () => {
  const web = { shell: program('listens.mjs'), port: 'auto' };
  const box = sandbox({ config: { services: { web, job: { shell: 'exit 3', port: null } } } });
  const { port } = await box.candleJson(['reserve-port', 'web']);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { stdout } = await box.candle([]);
  expect(stdout).toMatch(new RegExp(`^web +not running +${port} \\(in use\\) +http://localhost:${port}$`, 'm'));
  expect(stdout).toContain(`\nNext: candle who-has ${port}\n`);
  const [service] = (await box.candleJson(['ps', 'web'])).services;
  expect(service.portCheck).toMatchObject({ status: 'conflict', owner: { pid: process.pid } });
  server.close();
  await once(server, 'close');
  await box.candle(['up']);
  writeFileSync(join(box.projectDir, '.candle.json'), '{}');
  const { stdout: removed } = await box.candle([]);
  expect(removed).toMatch(/^web +RUNNING, no longer configured /m);
  expect(removed).toContain('\nNext: candle down web\n');
  expect((await box.candle(['ps'])).stdout).toMatch(/^web +RUNNING \[no longer configured\] /m);
  expect((await box.candle(['logs', 'nothing'])).stderr).toContain('\nServices of this project: web\n');
});

test('outside of a project, candle shows the commands to begin with', async () => {
  const box = sandbox();
  const { stdout, exitCode } = await box.candle([], { cwd: '/' });
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    'No .candle.json was found in / or its parent directories',
    '',
    expect.stringMatching(/^candle up {2,}Find /),
  ]);
  expect(await box.candleJson([], { cwd: '/' })).toMatchObject({
    ...{ projectDir: null, services: [], next: null },
    commands: [{ command: 'candle up' }, {}, {}, {}, { command: 'candle help' }],
  });
  expect(await box.candle(['--project', '/'])).toMatchObject({ exitCode: 1 });
});

test('candle says where the configuration is broken, and whose it is', async () => {
  const box = sandbox({ config: '{ "services": {\n  "web": { "shell": 1 }\n} }' });
  const { stdout, stderr, exitCode } = await box.candle([]);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(stdout).toMatch(/^ {2}line 2: services\.web\.shell/m);
  expect(await box.candleJson([])).toMatchObject({ configError: { code: 'CONFIG_INVALID' }, services: [] });
  if (process.geteuid?.() !== 0) return;
  const theirs = join(box.root, 'theirs');
  mkdirSync(theirs);
  const path = join(theirs, '.candle.json');
  writeFileSync(path, '{}');
  execFileSync('chown', ['12345', path]);
  const { stdout: text } = await box.candle([], { cwd: theirs });
  expect(text).toContain(`${path} is not used, because it belongs to user 12345`);
  expect(text).toMatch(new RegExp(`^Next: candle trust ${theirs}$`, 'm'));
});
