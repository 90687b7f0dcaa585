import { until } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { sandbox } from '../sandbox.ts';
import { executing, program } from '../services/programs.ts';
import { serveMcp } from './mcp-client.ts';
import { handshake, isAlive, messagesOf, startRawServer, toolCall } from './raw-server.ts';

const config = { services: [{ name: 'api', shell: program('idles.mjs'), ready: false }] };

test('If the client dies during a start, the server exits, the service keeps running, and the next server can stop it', async () => {
  const box = sandbox({ config });
  const server = startRawServer(box);
  server.send(
    ...handshake,
    toolCall(1, 'StartService', { name: 'api' }),
    toolCall(2, 'WaitForLog', { name: 'api', message: 'x', timeout: 600 }),
  );
  await until('the start has begun', () => executing(box, 'idles.mjs').length > 0);
  // Close both pipes at once, as the kernel does when a client is killed.
  server.child.stdout.destroy();
  server.child.stdin.destroy();
  await until('the server has exited', () => !isAlive(server.child.pid));
  expect(executing(box, 'idles.mjs')).toHaveLength(1);
  const next = await serveMcp(box);
  expect((await next.ask('ListServices')).services).toMatchObject([{ status: 'RUNNING' }]);
  expect((await next.ask('KillService', { name: 'api' })).services).toMatchObject([{ stopped: true }]);
});

test('The server stops reading from a client that does not read its responses, and delivers all of them once the client reads', async () => {
  const box = sandbox({
    config: {
      services: [{ name: 'job', shell: `node -e "console.log('x'.repeat(1e5).replace(/.{100}/g, '$&\\n'))"` }],
    },
  });
  await box.candle(['start', 'job', '--wait']);
  const server = startRawServer(box, { reads: false });
  server.send(...handshake);
  const count = 400;
  for (let id = 1; id <= count; id++) server.send(toolCall(id, 'GetLogs', { name: 'job', limit: 400 }));
  // By then, the server's buffer and the kernel's are full, and the server stops reading.
  await until(
    'the server has stopped reading',
    () => server.child.stdin.writableNeedDrain || server.child.stdin.writableLength > 0,
  );
  let stdout = '';
  server.child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  server.child.stdin.end();
  expect(await server.exitCode()).toBe(0);
  const ids = messagesOf(stdout).map(({ id }) => id);
  expect(ids).toHaveLength(count + 1);
  expect(new Set(ids).size).toBe(count + 1);
});

test('Two clients and the command line at the same time share one service and one port, and get the same lists', async () => {
  const box = sandbox({ config: { services: [{ name: 'api', shell: program('listens.mjs') }] } });
  const [one, other] = await Promise.all([serveMcp(box), serveMcp(box)]);
  const [first, second, commandLine] = await Promise.all([
    one.ask('GetOrReservePort', { serviceName: 'api' }),
    other.ask('GetOrReservePort', { serviceName: 'api' }),
    box.candleJson(['get-or-reserve-port', 'api']),
  ]);
  expect(new Set([first.port, second.port, commandLine.port]).size).toBe(1);
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
