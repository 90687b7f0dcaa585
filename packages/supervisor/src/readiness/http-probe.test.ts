import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { openHttpProbe } from './http-probe.ts';

async function listen(server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const serve = (answer: RequestListener, host = '127.0.0.1') => listen(createServer(answer), host);

async function check(target: string, port: number | null, addresses: readonly string[] = []) {
  const lookup = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const probe = openHttpProbe(target, { port, root: '/' }, addresses.length > 0 ? lookup : undefined);
  const isReady = await probe.check();
  probe.close();
  return { isReady, awaited: probe.awaited };
}

test('sends the headers that curl sends', async () => {
  let sent: unknown;
  const port = await serve(({ headers }, response) => {
    sent = headers;
    response.end();
  });
  await check('/', port);
  expect(sent).toEqual({ accept: '*/*', 'user-agent': 'candle', host: `localhost:${port}`, connection: 'close' });
});

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
  const awaited = `no response from ${target}: no answer within 2 s`;
  expect(await check(target, null)).toEqual({ isReady: false, awaited });
  expect(performance.now() - beganMs).toBeGreaterThan(1_900);
});

test('a check ends when the probe is closed', async () => {
  const port = await serve(() => undefined);
  const [closed, other] = [1, 2].map(() => openHttpProbe(`http://127.0.0.1:${port}/`, { port: null, root: '/' }));
  const checks = [closed, other].map(async (probe) => ((await probe?.check()) === false ? probe : undefined));
  closed?.close();
  // The other check ends after two seconds.
  expect(await Promise.race(checks)).toBe(closed);
  other?.close();
});

const closing = () => createTcpServer((socket) => void socket.on('error', () => undefined).end());

test.each<[string, string, () => Promise<number>]>([
  ['nobody listens', 'connection refused', async () => 1],
  ['the server closes the connection', 'the server closed the connection', () => listen(closing(), '127.0.0.1')],
  ['it needs TLS', 'the server speaks TLS: write https://', () => serveTls('127.0.0.1')],
])('if %s, it reports %s', async (_, reason, open) => {
  const target = `http://127.0.0.1:${await open()}/`;
  expect(await check(target, null)).toEqual({ isReady: false, awaited: `no response from ${target}: ${reason}` });
});

test('reports that a name cannot be resolved, and finds the server as soon as it can', async () => {
  const port = await serve((_, response) => void response.end());
  const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND'), { syscall: 'getaddrinfo' });
  const answers = [Promise.reject(unknown), Promise.resolve([{ address: '127.0.0.1', family: 4 }])];
  const probe = openHttpProbe(
    `http://app.test:${port}/`,
    { port, root: '/' },
    async () => (await answers.shift()) ?? [],
  );
  expect(await probe.check()).toBe(false);
  expect(probe.awaited).toBe(`no response from http://app.test:${port}/: app.test cannot be resolved`);
  expect(await probe.check()).toBe(true);
});

/** A certificate for `app.test` that nobody has signed. Created here, so that it is never out of date. */
function certificate() {
  const dir = mkdtempSync(join(tmpdir(), 'candle-certificate-'));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const form = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execaSync('openssl', ['req', ...form, '-subj', '/CN=app.test', '-keyout', key, '-out', cert]);
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(dir, { recursive: true });
  return pair;
}

const serveTls = (host: string) =>
  listen(
    createTlsServer(certificate(), (_, response) => void response.end()),
    host,
  );

test('reports for a path whether it needed TLS', async () => {
  const seen: boolean[] = [];
  const onReady = async (usesTls: boolean) => void seen.push(usesTls);
  const plain = await serve((_, response) => void response.end());
  const secure = await serveTls('127.0.0.1');
  for (const [target, port] of [
    ['/', secure],
    ['/', plain],
    [`http://localhost:${plain}/`, plain],
  ] as const) {
    const probe = openHttpProbe(target, { port, root: '/', onReady });
    expect(await probe.check()).toBe(true);
  }
  expect(seen).toEqual([true, false]);
});

test('uses TLS for a path if the reserved port expects it', async () => {
  for (const host of ['127.0.0.1', '::1']) expect((await check('/', await serveTls(host))).isReady, host).toBe(true);
});

test.each([
  ['127.0.0.1', []],
  ['localhost', []],
  ['api.localhost', []],
  ['app.test', ['127.0.0.1']],
  ['app.test', ['::1', '127.0.0.2', '127.0.0.1']],
])('accepts a self-signed certificate of %s, which stands for this machine', async (name, addresses) => {
  const target = `https://${name}:${await serveTls('127.0.0.1')}/`;
  expect((await check(target, null, addresses)).isReady).toBe(true);
});

test('does not accept it if the name may stand for another machine', async () => {
  const target = `https://app.test:${await serveTls('127.0.0.1')}/`;
  const { isReady, awaited } = await check(target, null, ['192.0.2.1', '127.0.0.1']);
  expect({ isReady, awaited }).toEqual({
    isReady: false,
    awaited: `no response from ${target}: its certificate is not valid (self-signed certificate)`,
  });
});

test('asks a server that listens on a Unix socket', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'candle-socket-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const probe = openHttpProbe('http://unix:app.sock:/health?deep=1', { port: null, root: dir });
  expect(await probe.check()).toBe(false);
  expect(probe.awaited).toBe('no response from http://unix:app.sock:/health?deep=1: the socket does not exist');
  const asked: unknown[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(join(dir, 'app.sock'), resolve));
  onTestFinished(() => void server.close());
  expect(await probe.check()).toBe(true);
  expect(asked).toEqual(['/health?deep=1']);
});
