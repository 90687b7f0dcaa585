import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { listen } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { pidOf } from '../services/answers.ts';
import { executing, program } from '../services/programs.ts';

const listens = { services: [{ name: 'api', shell: program('listens.mjs') }] };

async function withPort(config: object): Promise<{ box: Sandbox; port: number }> {
  const box = sandbox({ config });
  return { box, port: (await box.candleJson(['reserve-port', 'api'])).port };
}

test('a healthy service is left as it is, and its URL and pid are told', async () => {
  const { box, port } = await withPort(listens);
  await box.candle(['start']);
  const pid = await pidOf(box, 'api');
  const url = `http://localhost:${port}`;
  const { stdout, exitCode } = await box.candle(['check-start', 'api']);
  expect({ stdout, exitCode }).toEqual({ stdout: `[Already running: 'api', pid ${pid}, ${url}]\n`, exitCode: 0 });
  const [told] = (await box.candleJson(['check-start'])).services;
  expect(told).toMatchObject({ outcome: 'kept', status: 'RUNNING', ready: true, pid, port, url });
});

test('one that is starting is waited for', async () => {
  const { box, port } = await withPort({ services: [{ name: 'api', shell: program('listens-late.mjs', 1_500) }] });
  const start = box.candle(['start', 'api']);
  await until('it has been started', async () => executing(box, 'listens-late.mjs').length === 1);
  const [told] = (await box.candleJson(['check-start', 'api'])).services;
  expect(told).toMatchObject({ outcome: 'kept', ready: true });
  expect(await (await fetch(told.url)).text()).toBe(String(port));
  expect((await start).exitCode).toBe(0);
});

test('one that has died is replaced', async () => {
  const { box } = await withPort(listens);
  const [{ pid }] = (await box.candleJson(['start'])).services;
  process.kill(-pid, 'SIGKILL');
  await until('it is dead', async () => executing(box, 'listens.mjs').length === 0);
  const [told] = (await box.candleJson(['check-start'])).services;
  expect(told).toMatchObject({ outcome: 'running', ready: true });
  expect(told.pid).not.toBe(pid);
});

test('a port that somebody else has taken is told with who it is, before a start and beside one that runs', async () => {
  const { box, port } = await withPort({ services: [{ name: 'api', shell: program('idles.mjs') }] });
  const held = {
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(
        `^Error: Port ${port}, reserved for service 'api', is in use by .*\\b${process.pid}\\b.*\\n[^]*candle start api --move\\n`,
      ),
    ),
    exitCode: 1,
  };
  const squatter = await listen({ port });
  expect(await box.candle(['check-start', 'api'])).toEqual(held);
  expect(executing(box, 'idles.mjs')).toEqual([]);
  squatter.close();
  // It never listens, so that it is not ready in time and leaves the port to the next one.
  expect((await box.candle(['start', 'api', '--wait', '1'])).exitCode).toBe(1);
  await listen({ port });
  const pid = await pidOf(box, 'api');
  expect(await box.candle(['check-start', 'api'])).toEqual(held);
  expect(await pidOf(box, 'api')).toBe(pid);
});

test('one that runs and listens on nothing is left alone, and told so without a sermon', async () => {
  const { box, port } = await withPort({ services: [{ name: 'api', shell: program('idles.mjs') }] });
  await box.candle(['start', 'api', '--wait', '1']);
  const { stdout, stderr, exitCode } = await box.candle(['check-start', 'api']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(
    new RegExp(`^\\[Already running: 'api', pid \\d+, http://localhost:${port} \\(listens on no port yet\\)\\]\n$`),
  );
  expect(stderr).toBe('Next: candle wait-for-ready api\n');
  const [told] = (await box.candleJson(['check-start'])).services;
  expect(told).toMatchObject({
    ready: false,
    portCheck: { status: 'not-listening', fix: expect.stringContaining('"ready": false') },
  });
});

test('of 16 at once one starts it, and all tell the same process', async () => {
  const { box } = await withPort(listens);
  const told = await Promise.all(
    Array.from({ length: 16 }, async () => (await box.candleJson(['check-start', 'api'])).services[0]),
  );
  expect(new Set(told.map(({ pid }) => pid)).size).toBe(1);
  expect(told.map(({ outcome }) => outcome).toSorted()).toEqual([...Array(15).fill('kept'), 'running']);
  expect(told.every(({ ready }) => ready)).toBe(true);
  expect(readdirSync(join(box.stateDir, 'runs')).filter((name) => name !== 'CACHEDIR.TAG')).toHaveLength(1);
});
