import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sandbox } from '@candle/test-kit';
import { expect, test } from 'vitest';
import { inSandbox, refusal } from '../bad-input/refusal.ts';
import { serveMcp } from '../mcp/mcp-client.ts';
import { sandbox } from '../sandbox.ts';
import { environmentOf } from './environment-of.ts';
import { program } from './programs.ts';

const listens = program('listens.mjs');
const idles = program('idles.mjs');

/** A certificate that nobody has signed. Created here, so that it is never out of date. */
function writeCertificate(dir: string): void {
  const form = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    '/CN=localhost',
  ];
  execFileSync('openssl', ['req', ...form, '-keyout', 'key.pem', '-out', 'cert.pem'], { cwd: dir, stdio: 'ignore' });
}

/** A git repository without commits, as far as Candle reads it. */
function checkOut(dir: string, head: string): void {
  mkdirSync(join(dir, '.git'), { recursive: true });
  writeFileSync(join(dir, '.git/HEAD'), `${head}\n`);
}

const printed = async (box: Sandbox, ...args: string[]) => (await box.candle(args)).stdout;

test('url prints the URL of everything that has one, whether or not it is running', async () => {
  const services = {
    web: { shell: listens, port: 'auto', url: 'http://localhost:${port}/shop' },
    redis: { shell: idles, port: 'auto', ready: false },
    printed: { shell: `echo ready; exec ${listens}`, port: 'auto', ready: { log: 'ready' } },
    tested: { shell: listens, port: 'auto', ready: { exec: 'true' } },
    worker: { shell: idles, port: null },
    misplaced: {
      shell: 'unset PORT; PORT=$OTHER exec node -e "$SERVER"',
      port: 'auto',
      ready: false,
      // A start of web requires that its further port is free.
      dependsOn: 'web',
      env: {
        OTHER: '${services.web.ports.OTHER}',
        SERVER: "require('node:http').createServer().listen(process.env.PORT)",
      },
    },
  };
  const withOther = { ...services, web: { ...services.web, ports: { OTHER: 'auto' } } };
  const ports = { db: { port: 'auto', url: 'postgres://localhost:${port}/shop' }, admin: 'auto' };
  const box = sandbox({ config: { services: withOther, ports } });
  checkOut(box.projectDir, 'ref: refs/heads/fix/login');
  expect(await box.candle(['url'])).toMatchObject({
    stdout: '',
    stderr: expect.stringContaining('Nothing in this project has a URL. A service gets one with a reserved port'),
    exitCode: 0,
  });
  expect(await box.candleJson(['url'])).toEqual({ urls: [] });
  expect(await refusal(inSandbox(box), ['url', 'web'])).toMatchObject({
    code: 'SERVICE_WITHOUT_URL',
    message: "'web' has no URL, because no port is reserved for it",
    hint: 'To reserve one: candle reserve-port web',
  });
  await box.candle(['reserve-port', 'extra']);
  const started = await box.candleJson(['start']);
  const { ports: list } = await box.candleJson(['list-reserved-ports']);
  const portOf = (name: string) => list.find((one: { serviceName: string }) => one.serviceName === name).port;
  const web = `http://localhost:${portOf('web')}/shop`;
  expect(await box.candle(['url', 'web'])).toEqual({ stdout: `${web}\n`, stderr: '', exitCode: 0 });
  const other = portOf('web.OTHER');
  expect(await printed(box, 'url')).toBe(
    [
      `web\t${web}`,
      `printed\thttp://localhost:${portOf('printed')}`,
      `tested\thttp://localhost:${portOf('tested')}`,
      `misplaced\thttp://localhost:${other}`,
      `db\tpostgres://localhost:${portOf('db')}/shop`,
      `admin\thttp://localhost:${portOf('admin')}`,
      `extra\thttp://localhost:${portOf('extra')}`,
      '',
    ].join('\n'),
  );
  const named = `http://web.fix-login.project.localhost:${portOf('web')}/shop`;
  expect(await printed(box, 'url', 'web', '--named')).toBe(`${named}\n`);
  const document = { name: 'web', projectDir: box.projectDir, url: web, browserUrl: named };
  expect(await box.candleJson(['url', 'web'])).toEqual({ urls: [document] });
  expect((await box.candleJson(['url'])).urls).toContainEqual(document);
  expect((await printed(box, 'url', '--named')).match(/^\w+/gm)).toEqual([
    'web',
    'printed',
    'tested',
    'misplaced',
    'admin',
    'extra',
  ]);
  // All commands and MCP report the same.
  expect(started.services.find(({ name }: { name: string }) => name === 'web').url).toBe(web);
  const { services: listed } = await box.candleJson(['list']);
  expect(listed.find(({ name }: { name: string }) => name === 'web')).toMatchObject({ url: web, browserUrl: named });
  expect(listed.find(({ name }: { name: string }) => name === 'worker')).toMatchObject({ url: null, browserUrl: null });
  expect(await (await serveMcp(box)).ask('ListServices', {})).toEqual(await box.candleJson(['list']));
  expect(await printed(box, 'open', 'web')).toBe(`${web}\n`);
  expect(await printed(box, 'open', 'web', '--named')).toBe(`${named}\n`);

  await box.candle(['down']);
  expect(await printed(box, 'url', 'web')).toBe(`${web}\n`);
  expect(await printed(box, 'url', 'misplaced')).toBe(`http://localhost:${portOf('misplaced')}\n`);
  const run = inSandbox(box);
  const refused = async (...args: string[]) => {
    const { code, message, hint } = await refusal(run, ['url', ...args]);
    return [code, message, hint];
  };
  const code = 'SERVICE_WITHOUT_URL';
  expect(await refused('worker')).toEqual([
    code,
    "'worker' has no URL, because its port is null",
    'If it listens on a port, set "port": "auto" for it in .candle.json',
  ]);
  expect(await refused('redis')).toEqual([
    code,
    "'redis' has no URL, because it does not seem to speak HTTP: its name is that of a database or broker",
    'If it has a URL, set it for \'redis\' in .candle.json: "url": "http://localhost:${port}", or "postgres://localhost:${port}/shop", for example',
  ]);
  expect(await refused('db', '--named')).toEqual([
    code,
    `'db' has no separate host name, because its URL, postgres://localhost:${portOf('db')}/shop, does not begin with http://localhost`,
    'To print this URL: candle url db',
  ]);
  expect((await refused('wbe')).slice(0, 1)).toEqual(['SERVICE_UNKNOWN']);
});

test('the scheme is known as soon as a check has found out that the service speaks TLS, and after a restart', async () => {
  const web = { shell: program('listens-with-tls.mjs'), port: 'auto', ready: { http: '/' } };
  const api = { shell: listens, port: 'auto', dependsOn: 'web', env: { ORIGIN: '${services.web.url}' } };
  const box = sandbox({ config: { services: { web, api } } });
  writeCertificate(box.projectDir);
  const { port } = await box.candleJson(['reserve-port', 'web']);
  const [plain, secure] = [`http://localhost:${port}`, `https://localhost:${port}`];
  expect(await printed(box, 'url', 'web')).toBe(`${plain}\n`);
  const started = await box.candle(['start', '--wait']);
  expect(started.stdout).toContain(`[URL: ${plain}]\n[URL of 'web': ${secure}]\n`);
  expect(await printed(box, 'url', 'web')).toBe(`${secure}\n`);
  expect(await printed(box, 'ps', 'web')).toMatch(new RegExp(` ${secure}\\n$`));
  expect(await printed(box, 'open', 'web')).toBe(`${secure}\n`);
  expect((await box.candleJson(['env'])).variables).toContainEqual(
    expect.objectContaining({ name: 'WEB_URL', value: secure }),
  );
  // Its dependent was started with the right URL, so nothing has changed.
  const { services } = await box.candleJson(['up']);
  expect(services).toMatchObject([
    { name: 'web', state: 'kept', url: secure },
    { name: 'api', state: 'kept' },
  ]);

  await box.candle(['down']);
  expect(await printed(box, 'url', 'web')).toBe(`${secure}\n`);
  expect(await printed(box, 'start', 'web')).toContain(`[URL: ${secure}]\n`);
  rmSync(join(box.projectDir, 'cert.pem'));
  expect(await printed(box, 'start', 'web')).toContain(`[URL: ${secure}]\n[URL of 'web': ${plain}]\n`);
  expect(await printed(box, 'url', 'web')).toBe(`${plain}\n`);
});

test('services get the URLs for browsers, and the host name that frameworks have to accept', async () => {
  const shell = program('prints-env.mjs');
  const env = { ORIGIN: '${services.web.browserUrl}' };
  const services = { 'my.web': { shell, port: 'auto', ready: false, env }, web: { shell: 'true', port: 'auto' } };
  const box = sandbox({ config: { services, ports: { db: { port: 'auto', url: 'postgres://localhost:${port}' } } } });
  checkOut(box.projectDir, '0123456789012345678901234567890123456789');
  const { env: found, run } = await environmentOf(box, 'my.web', { NG_ALLOWED_HOSTS: 'mine' });
  expect(found).toMatchObject({
    MY_WEB_URL: `http://localhost:${run.port}`,
    MY_WEB_BROWSER_URL: `http://my-web.project.project.localhost:${run.port}`,
    ORIGIN: found.WEB_BROWSER_URL,
    RAILS_DEVELOPMENT_HOSTS: 'my-web.project.project.localhost',
    NG_ALLOWED_HOSTS: 'mine',
  });
  expect(found).not.toHaveProperty('DB_BROWSER_URL');
});

test('without its configuration, a running service is listed once, and keeps its host name', async () => {
  const box = sandbox({ config: { services: { 'my web': { shell: listens, port: 'auto' } } } });
  await box.candleJson(['start']);
  await box.candle(['reserve-port', 'extra']);
  const before = await printed(box, 'url', '--named');
  expect(before).toMatch(/^my web\thttp:\/\/my-web\.\S+\nextra\thttp:\S+\n$/);
  writeFileSync(join(box.projectDir, '.candle.json'), '{');
  expect(await printed(box, 'url', '--named')).toBe(before);
  writeFileSync(join(box.projectDir, '.candle.json'), '{}');
  expect(await printed(box, 'url', '--named')).toBe(before);
});

test('up reports where a service on the wrong port is reached', async () => {
  const env = { SERVER: "require('node:http').createServer().listen(0)" };
  const box = sandbox({ config: { services: { web: { shell: 'exec node -e "$SERVER"', port: 'auto', env } } } });
  const { services } = await box.candleJson(['up', '--timeout', '2']);
  const url = (await printed(box, 'url', 'web')).trim();
  expect(services).toMatchObject([{ state: 'failed', url, portCheck: { status: 'wrong-port' } }]);
});
