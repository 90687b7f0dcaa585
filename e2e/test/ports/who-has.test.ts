import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { asUser, nobody, whyNoOtherUser } from '../bad-input/as-user.ts';
import { freePorts } from '../listeners.ts';
import { failureOf, serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { program } from '../services/programs.ts';
import { foreignListener } from './foreign-listener.ts';

/** Far from the ports that Candle assigns, so no other test uses these. */
const firstForeign = 20_000;

function directory(box: Sandbox, name: string): string {
  const dir = join(box.root, name);
  mkdirSync(dir, { recursive: true });
  return dir;
}

test('reports the right owner of 200 IPv4 and IPv6 listeners, five of them services of another project', async () => {
  const box = sandbox();
  const blog = directory(box, 'blog');
  const names = ['a', 'b', 'c', 'd', 'e'];
  writeFileSync(
    join(blog, '.candle.json'),
    JSON.stringify({ services: names.map((name) => ({ name, shell: program('listens.mjs') })) }),
  );
  for (const name of names) await box.candle(['reserve-port', name], { cwd: blog });
  const { services } = await box.candleJson(['start', '--wait'], { cwd: blog });
  const free = await freePorts(195, firstForeign);
  const hosts = ['127.0.0.1', '::1', '0.0.0.0', '::'];
  const foreign = await Promise.all(
    hosts.map(async (host, index) => {
      const [cwd, ports] = [directory(box, `foreign-${index}`), free.filter((_, at) => at % hosts.length === index)];
      return { host, cwd, ports, ...(await foreignListener(host, ports, { cwd })) };
    }),
  );
  const server = await serveMcp(box);
  const ask = (port: number) => server.ask('WhoHasPort', { port });
  for (const { host, cwd, ports, pid } of foreign) {
    // Each call takes a snapshot of the machine, so this checks only some ports of each process.
    // packages/supervisor/test/ports checks all of them.
    for (const port of ports.filter((_, at) => at % 24 === 0)) {
      expect(await ask(port)).toMatchObject({
        owners: [{ pid, cwd, command: 'node', addresses: [host], service: null }],
        reservation: null,
        advice: [{ command: `kill ${pid}` }],
      });
    }
  }
  for (const { name, port, runId } of services) {
    const project = { projectDir: blog, branch: null, directoryGone: false };
    expect(await ask(port)).toMatchObject({
      owners: [{ command: 'node', service: { name, runId, ...project } }],
      reservation: { serviceName: name, status: 'RUNNING', ...project },
      advice: [{ command: `candle kill ${name} --project ${blog}` }],
    });
  }
  expect(services).toHaveLength(names.length);
  expect(await ask(1)).toMatchObject({ free: true, owners: [], reservation: null, advice: [] });
});

test('control characters in a command line are escaped, and a deleted directory is marked', async () => {
  const box = sandbox();
  const cwd = directory(box, 'gone');
  const [port = 0] = await freePorts(1, firstForeign);
  const words = ['two\nlines', '\u001b[31m', 'x'.repeat(5_000)];
  const { pid, end } = await foreignListener('::1', [port], { cwd, words, detached: true });
  rmSync(cwd, { recursive: true });
  const { stdout, exitCode } = await box.candle(['who-has', String(port)]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    new RegExp(
      [
        `^Port ${port} is in use by node \\(pid ${pid}\\)\n`,
        `  PID:       ${pid}`,
        `  Command:   .* -- two\\\\u000alines \\\\u001b\\[31m x+…`,
        `  Directory: ${cwd} \\(deleted\\)`,
        '  Since:     \\d+/\\d+/\\d{4}, \\d+:\\d\\d:\\d\\d [AP]M \\(\\d+s\\)',
        '  User:      .+',
        '  Address:   ::1\n',
        'What to do:',
        `  kill ${pid}  # to end node \\(pid ${pid}\\)\n$`,
      ].join('\n'),
    ),
  );
  const { owners } = await box.candleJson(['who-has', String(port)]);
  expect(owners).toMatchObject([{ pid, cwd, cwdGone: true, startedAt: expect.stringMatching(/^\d{4}-.*Z$/) }]);
  expect(owners[0].commandLine.endsWith(`-- ${words.join(' ')}`)).toBe(true);
  await end();
  expect(await box.candle(['who-has', String(port)])).toEqual({
    stdout: `Port ${port} is free: nothing listens on it, and it is not reserved\n`,
    stderr: '',
    exitCode: 0,
  });
});

test('the port of a stopped service is reported with the service, from any directory', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('listens.mjs') }] } });
  const { port } = await box.candleJson(['reserve-port', 'api']);
  const { stdout } = await box.candle(['who-has', String(port)], { cwd: '/' });
  expect(stdout.split('\n')).toEqual([
    `Nothing listens on port ${port}`,
    '',
    `It is reserved for service 'api' of project ${box.projectDir}: not running`,
    '',
    'What to do:',
    expect.stringMatching(`^  candle start api --project ${box.projectDir} +# to start the service`),
    expect.stringMatching(`^  candle release-ports --port ${port} --project ${box.projectDir} +# to release the port`),
    '',
  ]);
  const { port: own } = await box.candleJson(['reserve-port']);
  expect((await box.candle(['who-has', String(own)])).stdout).toContain(
    `It is reserved for project ${box.projectDir}\n`,
  );
});

test.skipIf(whyNoOtherUser !== undefined)(
  'for a listener of another user, reports the user and a command that shows the process',
  async () => {
    const box = sandbox();
    const [port = 0] = await freePorts(1, firstForeign);
    const { pid } = await foreignListener('127.0.0.1', [port], { cwd: box.root });
    const others = asUser(nobody, box, {
      cwd: '/',
      env: { CANDLE_STATE_DIR: `/tmp/candle-of-nobody-${process.pid}`, HOME: '/nonexistent' },
    });
    const { owners, advice } = JSON.parse((await others(['who-has', String(port), '--json'])).stdout);
    rmSync(`/tmp/candle-of-nobody-${process.pid}`, { recursive: true, force: true });
    expect(owners).toMatchObject([{ pid: null, commandLine: null, uid: 0, user: 'root', service: null }]);
    expect(advice).toEqual([{ command: `sudo ss -ltnp 'sport = :${port}'`, purpose: 'to see which process it is' }]);
    // Root can see the process.
    expect((await box.candleJson(['who-has', String(port)])).owners).toMatchObject([{ pid }]);
  },
);

test('an invalid port number is rejected by the command and by the MCP tool', async () => {
  const box = sandbox();
  for (const text of ['0', 'abc', '70000']) {
    const { stdout, stderr, exitCode } = await box.candle(['who-has', '--', text]);
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: '',
      stderr: `Error: '${text}' is not a port number\nUse a whole number from 1 to 65535\n`,
      exitCode: 1,
    });
  }
  const server = await serveMcp(box);
  for (const port of [0, 4000.5]) {
    expect(failureOf(await server.call('WhoHasPort', { port })).code).toBe('PORT_INVALID');
  }
});
