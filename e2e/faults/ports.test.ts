import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type ListenOptions } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { type Sandbox, until } from '@candle/test-kit';
import { expect, onTestFinished } from 'vitest';
import { freePorts, isFree, listen } from '../test/listeners.ts';
import { sandbox } from '../test/sandbox.ts';
import { executing, program } from '../test/services/programs.ts';
import { fillStore, moveCursor, openStore, portsFrom } from '../test/store.ts';
import { killHard } from '../test/supervisor-of.ts';
import { fault } from './fault.ts';

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));
const hasPython = spawnSync('python3', ['-V']).status === 0;

const points: readonly ListenOptions[] = [
  { host: '127.0.0.1' },
  { host: '127.0.0.2' },
  { host: '0.0.0.0' },
  ...(hasIpv6 ? [{ host: '::1' }, { host: '::' }, { host: '::', ipv6Only: true }] : []),
];

fault(
  19,
  'Candle cannot find the daemon, as documented; a service that needs its port gets an error with its name',
  async () => {
    const box = sandbox();
    const { port } = await box.candleJson(['reserve-port', 'web']);
    const shell = `PORT=${port} ${program('daemonizes-and-listens.mjs')}`;
    expect(await box.candle(['start', 'api', '--shell', shell])).toMatchObject({ exitCode: 0 });
    await until('the daemon listens', async () => !(await isFree(port)));
    const daemons = box.processes().map(({ pid }) => pid);
    onTestFinished(() => daemons.forEach(killHard));
    expect(daemons).toHaveLength(1);

    expect((await box.candleJson(['ps', 'api'])).services).toMatchObject([{ running: false, exitCode: 0 }]);
    expect(await box.candle(['kill'])).toMatchObject({ exitCode: 0 });
    expect(box.processes().map(({ pid }) => pid)).toEqual(daemons);
    const start = await box.candle(['start', 'web', '--shell', program('listens.mjs')]);
    expect(start).toMatchObject({ stdout: '', exitCode: 1 });
    expect(start.stderr).toMatch(
      new RegExp(`^Error: Port ${port}, reserved for service 'web', is in use by .+ \\(pid ${daemons[0]}\\)`),
    );
    expect((await box.candle(['doctor'])).stdout).toContain(`Port ${port}`);
    daemons.forEach(killHard);
    await until('the port is free', () => isFree(port));
  },
  { simulatedBy: 'a daemon on a port that is not reserved for its service' },
);

fault(34, 'listeners on each address with every flag, and bound sockets: their ports are not reserved', async () => {
  const box = sandbox({ config: { services: [] } });
  const listeners = [...points, ...points.map((point) => ({ ...point, reusePort: true }))];
  const bound = hasPython ? 3 : 0;
  const ports = await freePorts(listeners.length + bound + 1, 20_000);
  await moveCursor(box, ports[0] ?? 0);
  for (const [index, options] of listeners.entries()) await listen({ ...options, port: ports[index] });
  if (bound > 0) await bindOnly(ports.slice(listeners.length, -1));
  expect((await box.candleJson(['reserve-port', 'api'])).port).toBe(ports.at(-1));
});

/** Binds ports without listening on them, as a server does for a moment when it starts. */
async function bindOnly(ports: readonly number[]): Promise<void> {
  const script = `
import socket, sys
sockets = [socket.socket() for _ in sys.argv[1:]]
for each, address, port in zip(sockets, ['127.0.0.1', '127.0.0.2', '0.0.0.0'], sys.argv[1:]): each.bind((address, int(port)))
print('bound', flush=True)
sys.stdin.read()`;
  const owner = spawn('python3', ['-c', script, ...ports.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(owner, 'close');
  onTestFinished(async () => {
    owner.stdin.end();
    await closed;
  });
  await Promise.race([once(owner.stdout, 'data'), closed]);
  expect(owner.exitCode).toBe(null);
}

fault(
  35,
  'Candle does not reserve the local port of a connection, and uses the range of such ports only as a last resort',
  async () => {
    const box = sandbox({ config: { services: [] } });
    const server = createServer();
    onTestFinished(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const outgoing = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    onTestFinished(() => void outgoing.destroy());
    await once(outgoing, 'connect');
    const taken = outgoing.localPort ?? 0;

    const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    const [first = 0, last = 0] = range.trim().split(/\s+/).map(Number);
    expect(first <= taken && taken <= last).toBe(true);
    await moveCursor(box, taken);
    const { port } = await box.candleJson(['reserve-port', 'api']);
    expect(port < first || port > last).toBe(true);

    // Candle uses that range only when no other port is left. Two ports of the range are left here.
    const [free = 0] = await freePorts(1, taken + 1);
    await fillStore(box, portsFrom(4000, 65_535, [port, taken, free]));
    await moveCursor(box, taken);
    expect((await box.candleJson(['reserve-port', 'web'])).port).toBe(free);
    expect(await box.candle(['reserve-port', 'docs'])).toMatchObject({ stdout: '', exitCode: 1 });
  },
);

/** Real daemons where they are installed, and a program that detaches in the same way everywhere. */
const daemons: readonly { name: string; needs?: string; shell: (box: Sandbox) => string }[] = [
  { name: 'a program that detaches completely', shell: () => program('daemonizes-and-listens.mjs', 200) },
  {
    name: 'redis-server --daemonize yes',
    needs: 'redis-server',
    shell: () => 'redis-server --port "$PORT" --daemonize yes --save ""',
  },
  {
    name: 'nginx',
    needs: 'nginx',
    shell: (box) => {
      const conf = 'events {} http { access_log off; server { listen 127.0.0.1:PORT; } }';
      box.writeFile('nginx.conf', `pid ${join(box.root, 'nginx.pid')}; error_log stderr; ${conf}`);
      return `sed -i "s/PORT/$PORT/" nginx.conf; nginx -p "$PWD" -c "$PWD/nginx.conf"`;
    },
  },
];

for (const { name, needs, shell } of daemons) {
  fault(
    50,
    `${name}: it is listed as running on its port, and \`kill\` ends it`,
    async ({ skip }) => {
      if (needs && spawnSync('which', [needs]).status !== 0) skip(`${needs} is not installed`);
      const box = sandbox();
      const { port } = await box.candleJson(['reserve-port', 'api']);
      expect(await box.candle(['start', 'api', '--shell', shell(box)])).toMatchObject({ exitCode: 0 });
      const [service] = (await box.candleJson(['ps', 'api'])).services;
      expect(service).toMatchObject({ status: 'RUNNING', running: true, ready: true, port });
      expect((await openStore(box)).prepare('SELECT status FROM runs').all()).toEqual([{ status: 'detached' }]);
      expect((await box.candle(['list-ports', 'api'])).stdout).toContain(String(port));
      expect(await box.candle(['kill'])).toMatchObject({ stdout: "[Stopped process 'api']\n", exitCode: 0 });
      expect(await isFree(port)).toBe(true);
      expect(box.processes()).toEqual([]);
      expect(executing(box, 'listens.mjs')).toEqual([]);
    },
    needs ? {} : { simulatedBy: 'a Node program with a new session, no parent, no environment and no output' },
  );
}
