import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { executing, program } from '../services/programs.ts';
import { serveMcp } from './mcp-client.ts';
import { called, isAlive, messagesOf, opening, startRawServer } from './raw-server.ts';

const config = { services: [{ name: 'api', shell: program('idles.mjs') }] };

test('A client that dies in the middle of a start: the server leaves, the service runs, and the next one stops it', async () => {
  const box = sandbox({ config });
  const server = startRawServer(box);
  server.say(
    ...opening,
    called(1, 'StartService', { name: 'api' }),
    called(2, 'WaitForLog', { name: 'api', message: 'x', timeout: 600 }),
  );
  await until('the start has begun', () => executing(box, 'idles.mjs').length > 0);
  // As the kernel does it for one that is killed: both ends are gone at once.
  server.child.stdout.destroy();
  server.child.stdin.destroy();
  await until('the server has left', () => !isAlive(server.child.pid));
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
  const next = await serveMcp(box);
  expect((await next.ask('ListServices')).services).toMatchObject([{ status: 'RUNNING' }]);
  expect((await next.ask('KillService', { name: 'api' })).services).toMatchObject([{ stopped: true }]);
});

test('A client that asks a lot and reads nothing is not listened to any more, and gets every answer once it reads', async () => {
  const box = sandbox({
    config: {
      services: [{ name: 'job', shell: `node -e "console.log('x'.repeat(1e5).replace(/.{100}/g, '$&\\n'))"` }],
    },
  });
  await box.candle(['start', 'job', '--wait']);
  const server = startRawServer(box, { reads: false });
  server.say(...opening);
  const count = 400;
  for (let id = 1; id <= count; id++) server.say(called(id, 'GetLogs', { name: 'job', limit: 400 }));
  // Its own buffer and the kernel's are full then, and it listens no more.
  await until(
    'it has stopped listening',
    () => server.child.stdin.writableNeedDrain || server.child.stdin.writableLength > 0,
  );
  let stdout = '';
  server.child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  server.child.stdin.end();
  expect(await server.ended()).toBe(0);
  const ids = messagesOf(stdout).map(({ id }) => id);
  expect(ids).toHaveLength(count + 1);
  expect(new Set(ids).size).toBe(count + 1);
});

test('Two clients and the command line at once: one service, one port, and all see the same', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('listens.mjs') }] } });
  const [one, other] = await Promise.all([serveMcp(box), serveMcp(box)]);
  const [first, second, line] = await Promise.all([
    one.ask('GetOrReservePort', { serviceName: 'api' }),
    other.ask('GetOrReservePort', { serviceName: 'api' }),
    box.candleJson(['get-or-reserve-port', 'api']),
  ]);
  expect(new Set([first.port, second.port, line.port]).size).toBe(1);
  const starts = await Promise.all([
    one.ask('CheckStartService', { name: 'api' }),
    other.ask('CheckStartService', { name: 'api' }),
    box.candleJson(['check-start', 'api']),
  ]);
  expect(new Set(starts.map(({ services }) => services[0].runId)).size).toBe(1);
  expect(executing(box, 'listens.mjs')).toHaveLength(1);
  const seen = await Promise.all([one.ask('ListServices'), other.ask('ListServices'), box.candleJson(['list'])]);
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[2]).toEqual(seen[0]);
  const stops = await Promise.all([one.ask('KillService', { name: 'api' }), other.ask('KillService', { name: 'api' })]);
  expect(stops.filter(({ services }) => services[0].stopped).length).toBeGreaterThan(0);
  expect((await box.candleJson(['list'])).services).toMatchObject([{ running: false }]);
});
