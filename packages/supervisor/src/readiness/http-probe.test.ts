import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openHttpProbe } from './http-probe.ts';

async function listen(server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const serve = (answer: RequestListener, host = '127.0.0.1') => listen(createServer(answer), host);

async function check(target: string, port: number | null) {
  const probe = openHttpProbe(target, port);
  const isReady = await probe.check();
  probe.close();
  return { isReady, awaited: probe.awaited };
}

test.each([200, 204, 301, 399])('status %d means ready, and a redirect is not followed', async (status) => {
  const asked: unknown[] = [];
  const port = await serve(({ method, url }, response) => {
    asked.push([method, url]);
    response.writeHead(status, { location: '/other' }).end();
  });
  expect((await check('/health?deep=1', port)).isReady).toBe(true);
  expect(asked).toEqual([['GET', '/health?deep=1']]);
});

test.each([400, 404, 500, 503])('status %d does not mean ready', async (status) => {
  const port = await serve((_, response) => void response.writeHead(status).end());
  expect(await check('/health', port)).toEqual({ isReady: false, awaited: `/health responds with ${status}` });
});

test('finds a server that listens only on ::1', async () => {
  const port = await serve((_, response) => void response.end(), '::1');
  expect((await check('/', port)).isReady).toBe(true);
});

test('a path needs a reserved port, a full URL does not', async () => {
  const port = await serve((_, response) => void response.end());
  expect((await check(`http://localhost:${port}/up`, null)).isReady).toBe(true);
  expect(await check('/up', null)).toEqual({
    isReady: false,
    awaited: '/up needs a reserved port, but the service has none',
  });
});

test('sends a password, but does not show it', async () => {
  let authorization: string | undefined;
  const port = await serve(({ headers }, response) => {
    authorization = headers.authorization;
    response.writeHead(401).end();
  });
  expect((await check(`http://ada:secret@127.0.0.1:${port}/up`, null)).awaited).toBe(
    `http://127.0.0.1:${port}/up responds with 401`,
  );
  expect(authorization).toBe(`Basic ${Buffer.from('ada:secret').toString('base64')}`);
});

test.each<[string, string]>([
  ['a different protocol', 'SSH-2.0-OpenSSH\r\n'],
  ['endless headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(10_000)}`],
])('is not ready if the server sends %s', async (_, text) => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.write(text);
  });
  const port = await listen(server, '127.0.0.1');
  expect(await check(`http://127.0.0.1:${port}/`, null)).toMatchObject({ isReady: false });
});

test('gives up on a server that never responds after two seconds', async () => {
  const port = await serve(() => undefined);
  const target = `http://127.0.0.1:${port}/`;
  const beganMs = performance.now();
  expect(await check(target, null)).toEqual({ isReady: false, awaited: `no response from ${target}` });
  expect(performance.now() - beganMs).toBeGreaterThan(1_900);
});

test('a check ends when the probe is closed', async () => {
  const port = await serve(() => undefined);
  const [closed, other] = [1, 2].map(() => openHttpProbe(`http://127.0.0.1:${port}/`, null));
  const checks = [closed, other].map(async (probe) => ((await probe?.check()) === false ? probe : undefined));
  closed?.close();
  // The other check ends after two seconds.
  expect(await Promise.race(checks)).toBe(closed);
  other?.close();
});
