import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { freePort } from '../listeners.ts';
import { failureOf, serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { executing, program } from '../services/programs.ts';
import { foreignListener } from './foreign-listener.ts';

const api = { services: [{ name: 'api', shell: program('listens.mjs') }] };

/** Creates a project with this name, and starts its service on the reserved port. */
async function startProject(box: Sandbox, name: string): Promise<{ readonly dir: string; readonly port: number }> {
  const dir = join(box.root, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, '.candle.json'), JSON.stringify(api));
  const { port } = await box.candleJson(['reserve-port', 'api'], { cwd: dir });
  await box.candle(['start', '--wait'], { cwd: dir });
  return { dir, port };
}

test('kill --port stops the service of this project that listens on the port, and no other process', async () => {
  const box = sandbox();
  const own = await startProject(box, 'project');
  const other = await startProject(box, 'other');
  const foreign = await freePort(20_000);
  const { pid } = await foreignListener('127.0.0.1', [foreign], { cwd: box.root });

  expect(await box.candle(['kill', '--port', String(other.port)])).toEqual({
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(
        [
          `^Error: No service of this project listens on port ${other.port}: it is in use by node .*listens.mjs \\(pid \\d+\\), which was left running`,
          `It runs in ${other.dir}, since .* as user .*`,
          `It belongs to service 'api' of project ${other.dir}`,
          `To stop service 'api': candle kill api --project ${other.dir}`,
          `For details: candle who-has ${other.port}\n$`,
        ].join('\n'),
      ),
    ),
    exitCode: 1,
  });
  const { error } = await box.candleJson(['kill', '--port', String(foreign)]);
  expect(error).toMatchObject({
    code: 'PORT_NOT_OWNED',
    details: { projectDir: own.dir, owners: [{ pid, service: null }], advice: [{ command: `kill ${pid}` }] },
  });
  expect(executing(box, 'listens.mjs')).toHaveLength(2);

  const server = await serveMcp(box);
  expect(failureOf(await server.call('KillService', { port: foreign })).code).toBe('PORT_NOT_OWNED');
  for (const input of [{}, { name: 'api', port: own.port }]) {
    expect(failureOf(await server.call('KillService', input)).sentence).toMatch(/either name or port is required/);
  }
  expect(await server.ask('KillService', { port: own.port })).toMatchObject({
    services: [{ name: 'api', stopped: true }],
  });
  expect(executing(box, 'listens.mjs')).toHaveLength(1);

  expect(await box.candle(['kill', '--port', String(own.port)])).toEqual({
    stdout: `Nothing listens on port ${own.port}\n`,
    stderr: '',
    exitCode: 0,
  });
  await box.candle(['start']);
  expect(await box.candle(['kill', '--port', String(own.port)])).toMatchObject({ stdout: "[Stopped process 'api']\n" });
});

test('kill --port finds a service by the port that it listens on, not by its reservation', async () => {
  const port = await freePort(20_000);
  const box = sandbox({
    config: { services: [{ name: 'api', shell: program('listens-on.mjs', '::1', port), ready: false }] },
  });
  const { port: reserved } = await box.candleJson(['reserve-port', 'api']);
  await box.candle(['start', 'api']);
  expect(await box.candleJson(['kill', '--port', String(reserved)])).toEqual({ services: [] });
  expect(await box.candleJson(['kill', '--port', String(port)])).toMatchObject({
    services: [{ name: 'api', stopped: true }],
  });
});

test.each([
  [['--port', '0'], "Error: '0' is not a port number"],
  [['--port', '4000', 'api'], 'Error: A service name cannot be combined with --port'],
])('kill %j is rejected', async (words, sentence) => {
  const { stdout, stderr, exitCode } = await sandbox({ config: api }).candle(['kill', ...words]);
  expect({ stdout, exitCode, sentence: stderr.split('\n', 1).join('') }).toEqual({ stdout: '', exitCode: 1, sentence });
});

test('kill --all lists the services and their projects before it stops them', async () => {
  const box = sandbox();
  const [shop, blog] = [await startProject(box, 'shop'), await startProject(box, 'blog')];
  mkdirSync(join(blog.dir, '.git'));
  writeFileSync(join(blog.dir, '.git/HEAD'), 'ref: refs/heads/fix\n');
  const { stderr } = await box.candle(['kill', '--all'], { cwd: '/' });
  expect(stderr.split('\n').toSorted()).toEqual(
    [
      '',
      `Stopping 'api' (port ${shop.port}) of ${shop.dir}`,
      `Stopping 'api' (port ${blog.port}) of ${blog.dir} (branch fix)`,
    ].toSorted(),
  );
  expect(await box.candle(['kill-all'], { cwd: '/' })).toEqual({
    stdout: 'No service is running\n',
    stderr: '',
    exitCode: 0,
  });
});
