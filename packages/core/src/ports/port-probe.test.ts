import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type ListenOptions, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { bindProbe } from './port-probe.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** Listens on a port chosen by the system and returns that port. */
async function listen(options: ListenOptions): Promise<number> {
  const server = createServer();
  servers.push(server);
  server.listen({ port: 0, ...options });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe('a listener is detected', () => {
  const listeners: [string, ListenOptions][] = [
    ['127.0.0.1', { host: '127.0.0.1' }],
    ['127.0.0.2', { host: '127.0.0.2' }],
    ['0.0.0.0', { host: '0.0.0.0' }],
    ['::1', { host: '::1' }],
    [':: (dual stack)', { host: '::' }],
    [':: (IPv6 only)', { host: '::', ipv6Only: true }],
  ];

  const supported = listeners.filter(([name]) => hasIpv6 || !name.startsWith('::'));

  test.each(supported)('on %s', async (_, options) => {
    expect(await bindProbe.isFree(await listen(options))).toBe(false);
  });

  test.each(supported)('on %s with SO_REUSEPORT', async (_, options) => {
    expect(await bindProbe.isFree(await listen({ ...options, reusePort: true }))).toBe(false);
  });
});

test('a port is free again after its listener has closed', async () => {
  const port = await listen({ host: '127.0.0.1' });
  await new Promise((resolve) => servers.pop()?.close(resolve));
  // Another program may use it for a moment, for example for an outgoing connection.
  await expect.poll(() => bindProbe.isFree(port), { timeout: 30_000 }).toBe(true);
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

test.runIf(hasPython)('a port that is bound but not yet listened on is not free', async () => {
  const script = `
import socket, sys
s = socket.socket()
s.bind(('127.0.0.1', 0))
print(s.getsockname()[1], flush=True)
sys.stdin.read()
`;
  const owner = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = await once(owner.stdout, 'data');
    expect(await bindProbe.isFree(Number(String(line)))).toBe(false);
  } finally {
    owner.stdin.end();
    await once(owner, 'close');
  }
});

test('a bind test without a free file descriptor fails with EMFILE and does not report the port as taken', async () => {
  const script = `
const { bindProbe } = await import(process.argv[1]);
const { openSync } = await import('node:fs');
try { for (;;) openSync('/dev/null'); } catch {}
try { console.log(await bindProbe.isFree(4000)); } catch (error) { console.log(error.code, error.details.reason); }
`;
  const module = new URL('./port-probe.ts', import.meta.url).href;
  const program = spawnSync('sh', [
    '-c',
    'ulimit -n 60; exec "$0" --input-type=module -e "$1" "$2"',
    process.execPath,
    script,
    module,
  ]);
  expect(program.stdout.toString()).toBe('PORT_PROBE_FAILED EMFILE\n');
});
