import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createLinuxProcessTable } from './linux-process-table.ts';
import { sendSignal } from './send-signal.ts';

const table = createLinuxProcessTable();
const onLinux = test.skipIf(process.platform !== 'linux');

onLinux('identifies this process by pid and start time', () => {
  const self = table.identify(process.pid);
  if (self === undefined) throw new Error('not found');
  expect(table.snapshot()).toContainEqual(
    expect.objectContaining({ ...self, ppid: process.ppid, uid: process.getuid?.() }),
  );
  expect(table.isAlive(self)).toBe(true);
  expect(table.isAlive({ ...self, startToken: '1' })).toBe(false);
  expect(table.identify(2 ** 22 + 1)).toBeUndefined(); // above the highest pid that Linux allows
  expect(table.bootId()).toMatch(/^[0-9a-f-]{36}\.\d+$/);
});

onLinux('reads environment and descriptors, except of processes that started before the given time', async () => {
  const child = spawn('sleep', ['1000'], { env: { ...process.env, CANDLE_RUN_ID: 'run-x' }, stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    await once(child, 'spawn');
    const found = (since?: string) => table.snapshot({ since }).find((it) => it.pid === child.pid);
    expect(found()).toMatchObject({ runId: 'run-x', fds: ['/dev/null', '/dev/null', '/dev/null'], listensOn: [] });
    const later = String(Number(found()?.startToken) + 1);
    expect(found(later)).toMatchObject({ runId: undefined, fds: [] });
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
});

onLinux.each(['127.0.0.1', '::1', '0.0.0.0'])('finds the listener on %s', async (host) => {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const port = Number(Object(server.address()).port);
  const uid = process.getuid?.();
  expect(table.listening().on(port)).toEqual([{ port, uid }]);
  expect(table.listening().portsOf(process.pid)).toContain(port);
  expect(table.listening().listenersOf(process.pid)).toContainEqual({ port, address: host });
  expect(table.listenersOn(port)).toEqual([
    { port, pid: process.pid, command: expect.any(String), uid, addresses: [host] },
  ]);
  server.close();
  await once(server, 'close');
  expect(table.listenersOn(port)).toEqual([]);
});

test('never signals all processes, its own group, or init', () => {
  for (const target of [0, -0, 1, -1, Number.NaN, 1.5]) expect(sendSignal(target, 0)).toBe('gone');
  expect(sendSignal(process.pid, 0)).toBe('sent');
});

onLinux('reports the command of a Node program as node, not as the name of its main thread', async () => {
  const listens =
    "require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })";
  const child = spawn(process.execPath, ['-e', listens], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  try {
    const port = Number(String((await once(child.stdout, 'data'))[0]));
    expect(table.listenersOn(port)).toMatchObject([{ pid: child.pid, command: 'node' }]);
    expect(table.snapshot().find(({ pid }) => pid === child.pid)).toMatchObject({ command: 'node' });
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
});

onLinux('reads a variable from the environment that a process was started with', async () => {
  const child = spawn('sleep', ['1000'], { env: { PATH: process.env.PATH, PORT: '4000' }, stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    expect([table.variableOf(pid, 'PORT'), table.variableOf(pid, 'HOST')]).toEqual(['4000', null]);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
  expect(table.variableOf(child.pid ?? 0, 'PORT')).toBeUndefined();
});

onLinux('finds other processes that listen on a port by their sockets', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const listening = table.listening();
  expect(listening.strangersOn(port, [process.pid])).toEqual([]);
  expect(listening.strangersOn(port, [])).toEqual([{ port, uid: process.getuid?.(), addresses: ['127.0.0.1'] }]);
  server.close();
});
