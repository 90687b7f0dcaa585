import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { listen } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { pidOf } from '../services/answers.ts';
import { executing, program } from '../services/programs.ts';
import { groupOf } from '../services/sequences/tree.ts';

const listens = { services: [{ name: 'api', shell: program('listens.mjs') }] };

async function withPort(config: object): Promise<{ box: Sandbox; port: number }> {
  const box = sandbox({ config });
  return { box, port: (await box.candleJson(['reserve-port', 'api'])).port };
}

test('a healthy service keeps running, and its URL and pid are printed', async () => {
  const { box, port } = await withPort(listens);
  await box.candle(['start']);
  const pid = await pidOf(box, 'api');
  const url = `http://localhost:${port}`;
  const { stdout, exitCode } = await box.candle(['check-start', 'api']);
  expect({ stdout, exitCode }).toEqual({ stdout: `[Already running: 'api', pid ${pid}, ${url}]\n`, exitCode: 0 });
  const [service] = (await box.candleJson(['check-start'])).services;
  expect(service).toMatchObject({ outcome: 'kept', status: 'RUNNING', ready: true, pid, port, url });
});

test('waits for a service that is starting', async () => {
  const { box, port } = await withPort({ services: [{ name: 'api', shell: program('listens-late.mjs', 1_500) }] });
  const start = box.candle(['start', 'api']);
  await until('the program has started', async () => executing(box, 'listens-late.mjs').length === 1);
  const [service] = (await box.candleJson(['check-start', 'api'])).services;
  expect(service).toMatchObject({ outcome: 'kept', ready: true });
  expect(await (await fetch(service.url)).text()).toBe(String(port));
  expect((await start).exitCode).toBe(0);
});

test('replaces a service that has died', async () => {
  const { box } = await withPort(listens);
  const [{ pid }] = (await box.candleJson(['start'])).services;
  process.kill(-groupOf(pid), 'SIGKILL');
  await until('the service has died', async () => executing(box, 'listens.mjs').length === 0);
  const [service] = (await box.candleJson(['check-start'])).services;
  expect(service).toMatchObject({ outcome: 'running', ready: true });
  expect(service.pid).not.toBe(pid);
});

test('reports the process that has taken the port, whether or not the service is running', async () => {
  const { box, port } = await withPort({ services: [{ name: 'api', shell: program('idles.mjs') }] });
  const conflict = {
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(
        `(?:^|\n)Error: Port ${port}, reserved for service 'api', is in use by .*\\b${process.pid}\\b.*\\n[^]*candle start api --move\\n`,
      ),
    ),
    exitCode: 1,
  };
  const listener = await listen({ port });
  expect(await box.candle(['check-start', 'api'])).toEqual(conflict);
  expect(executing(box, 'idles.mjs')).toEqual([]);
  listener.close();
  // The service never listens, so it is not ready in time, and its port is still free for the next listener.
  expect((await box.candle(['start', 'api', '--wait', '1'])).exitCode).toBe(1);
  await listen({ port });
  const pid = await pidOf(box, 'api');
  expect(await box.candle(['check-start', 'api'])).toEqual(conflict);
  expect(await pidOf(box, 'api')).toBe(pid);
});

test('a running service that does not listen keeps running, and the output says so in one line', async () => {
  const { box, port } = await withPort({ services: [{ name: 'api', shell: program('idles.mjs') }] });
  await box.candle(['start', 'api', '--wait', '1']);
  const { stdout, stderr, exitCode } = await box.candle(['check-start', 'api']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    new RegExp(
      `^\\[Already running: 'api', pid \\d+, http://localhost:${port} \\(does not listen on any port yet\\)\\]\n$`,
    ),
  );
  expect(stderr).toBe('Next: candle wait-for-ready api\n');
  const [service] = (await box.candleJson(['check-start'])).services;
  expect(service).toMatchObject({
    ready: false,
    portCheck: { status: 'not-listening', fix: expect.stringContaining('"ready": false') },
  });
});

test('of 16 concurrent calls, one starts the service, and all return the same process', async () => {
  const { box } = await withPort(listens);
  const services = await Promise.all(
    Array.from({ length: 16 }, async () => (await box.candleJson(['check-start', 'api'])).services[0]),
  );
  expect(new Set(services.map(({ pid }) => pid)).size).toBe(1);
  expect(services.map(({ outcome }) => outcome).toSorted()).toEqual([...Array(15).fill('kept'), 'running']);
  expect(services.every(({ ready }) => ready)).toBe(true);
  expect(readdirSync(join(box.stateDir, 'runs')).filter((name) => name !== 'CACHEDIR.TAG')).toHaveLength(1);
});
