import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { ListenOptions } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { freePorts, listen } from '../listeners.ts';
import { sandbox } from '../sandbox.ts';
import { moveCursor } from '../store.ts';

const config = { services: [] };
const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
const hasPython = spawnSync('python3', ['-V']).status === 0;

const listenOptions: ListenOptions[] = [
  { host: '127.0.0.1' },
  { host: '127.0.0.2' },
  { host: '0.0.0.0' },
  ...(hasIpv6 ? [{ host: '::1' }, { host: '::' }, { host: '::', ipv6Only: true }] : []),
];

test('a port with a listener is never assigned, whatever the address and socket options', async () => {
  const box = sandbox({ config });
  const listeners = [...listenOptions, ...listenOptions.map((options) => ({ ...options, reusePort: true }))];
  const ports = await freePorts(listeners.length + 1);
  for (const [index, options] of listeners.entries()) await listen({ ...options, port: ports[index] });
  expect((await box.candleJson(['reserve-port', 'api'])).port).toBe(ports.at(-1));
});

test.runIf(hasPython)('a bound port without a listener is never assigned', async () => {
  const box = sandbox({ config });
  // No other test connects to these ports. A closed connection remains in TIME_WAIT for a minute, and would make this
  // bind fail, but not Candle's.
  const ports = await freePorts(4, 20_000);
  await moveCursor(box, ports[0] ?? 0);
  const script = `
import socket, sys
sockets = []
for address, port in zip(['127.0.0.1', '127.0.0.2', '0.0.0.0'], sys.argv[1:]):
    sockets.append(socket.socket())
    sockets[-1].bind((address, int(port)))
print('bound', flush=True)
sys.stdin.read()
`;
  const owner = spawn('python3', ['-c', script, ...ports.slice(0, 3).map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(owner, 'close');
  onTestFinished(async () => {
    owner.stdin.end();
    await closed;
  });
  await Promise.race([once(owner.stdout, 'data'), closed]);
  expect(owner.exitCode).toBe(null);
  expect((await box.candleJson(['reserve-port', 'api'])).port).toBe(ports[3]);
});

test('a port is assigned again after its listener has closed', async () => {
  const box = sandbox({ config });
  const [first, second] = await freePorts(2);
  const server = await listen({ port: first, host: '127.0.0.1' });
  expect((await box.candleJson(['reserve-port'])).port).toBe(second);
  await new Promise((resolve) => server.close(resolve));
  await moveCursor(box, first ?? 0);
  expect((await box.candleJson(['reserve-port'])).port).toBe(first);
});

test('300 consecutive ports with listeners are skipped', async () => {
  const box = sandbox({ config });
  const ports = await freePorts(301);
  for (const port of ports.slice(0, 300)) await listen({ port, host: '127.0.0.1' });
  expect((await box.candleJson(['reserve-port'])).port).toBe(ports[300]);
});
