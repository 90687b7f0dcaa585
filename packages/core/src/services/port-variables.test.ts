import { expect, test } from 'vitest';
import { parseConfig } from '../config/parse-config.ts';
import { portVariables } from './port-variables.ts';

const reserved = (serviceName: string | null, port: number, reservedAtMs = 0) => ({
  port,
  projectDir: '/home/ada/shop',
  serviceName,
  reservedAtMs,
});

const configWith = (written: object) => parseConfig('/home/ada/shop/.candle.json', JSON.stringify(written));

/** The variables for a configuration, in which each reservation has the next port from 4000. */
async function variablesFor(written: object, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const reservations = names.map((name, index) => reserved(name, 4000 + index));
  const variables = portVariables(reservations, await configWith(written));
  return Object.fromEntries(variables.map(({ name, value }) => [name, value]));
}

test('each reserved port of a service has a port and a URL variable; project-level ports have none', () => {
  expect(portVariables([reserved('api', 4000), reserved(null, 4001), reserved('日本', 4002)])).toEqual([
    { name: 'API_PORT', value: '4000', serviceName: 'api' },
    { name: 'API_URL', value: 'http://localhost:4000', serviceName: 'api' },
  ]);
});

test('if two names have the same variables, the configured one wins, or else the older reservation', async () => {
  const both = [reserved('web_ui', 4000, 1), reserved('web-ui', 4001, 2)];
  const owners = (...given: Parameters<typeof portVariables>) =>
    portVariables(...given).map(({ name, serviceName }) => [name, serviceName]);
  const of = (owner: string) => [
    ['WEB_UI_PORT', owner],
    ['WEB_UI_URL', owner],
  ];
  expect(owners(both, await configWith({ services: { 'web-ui': { shell: 'x' } } }))).toEqual(of('web-ui'));
  expect(owners(both)).toEqual(of('web_ui'));
  expect(owners(both.toReversed())).toEqual(of('web_ui'));
});

test('a name whose URL is not set keeps a similar name from setting it', async () => {
  const config = { services: { cache: { shell: 'x', ready: { exec: 'redis-cli ping' } } } };
  expect(await variablesFor(config, ['Cache', 'cache'])).toEqual({ CACHE_PORT: '4001' });
});

test('with a domain, each URL with localhost has one for browsers, which overrides no other variable', async () => {
  const services = {
    web: { shell: 'x' },
    'web-browser': { shell: 'x' },
    docs: { shell: 'x', url: 'http://docs.test' },
  };
  const { services: read, ports } = await configWith({ services });
  const reservations = Object.keys(services).map((name, index) => reserved(name, 4000 + index));
  const domain = 'main.shop.localhost';
  const variables = portVariables(reservations, { services: read, ports, domain });
  expect(Object.fromEntries(variables.map(({ name, value }) => [name, value]))).toEqual({
    WEB_PORT: '4000',
    WEB_URL: 'http://localhost:4000',
    WEB_BROWSER_PORT: '4001',
    WEB_BROWSER_URL: 'http://localhost:4001',
    WEB_BROWSER_BROWSER_URL: 'http://web-browser.main.shop.localhost:4001',
    DOCS_PORT: '4002',
    DOCS_URL: 'http://docs.test',
  });
});

test('further ports and ports of other programs have separate variables', async () => {
  const config = {
    services: { 'web-ui': { shell: 'x', port: 'auto', ports: { HMR_PORT: 'auto', debug: 9229 } } },
    ports: {
      db: 'auto',
      mail: { port: 1025, portEnv: 'SMTP_PORT', url: 'smtp://localhost:${port}' },
      admin: { port: 'auto', portEnv: null },
    },
  };
  expect(await variablesFor(config, ['web-ui', 'web-ui.HMR_PORT', 'web-ui.debug', 'db', 'mail', 'admin'])).toEqual({
    WEB_UI_PORT: '4000',
    WEB_UI_URL: 'http://localhost:4000',
    WEB_UI_HMR_PORT: '4001',
    WEB_UI_debug: '4002',
    DB_PORT: '4003',
    SMTP_PORT: '4004',
    MAIL_URL: 'smtp://localhost:4004',
    ADMIN_URL: 'http://localhost:4005',
  });
});

test('a further port that the service no longer has is given to nobody', async () => {
  const config = { services: { web: { shell: 'x', port: 'auto' }, 'web.admin': { shell: 'x', port: 'auto' } } };
  expect(await variablesFor(config, ['web', 'web.HMR_PORT', 'web.admin'])).toEqual({
    WEB_PORT: '4000',
    WEB_URL: 'http://localhost:4000',
    WEB_ADMIN_PORT: '4002',
    WEB_ADMIN_URL: 'http://localhost:4002',
  });
});

test('a service whose port is null has no variables, even if a port is reserved for it', async () => {
  expect(await variablesFor({ services: { worker: { shell: 'x', port: null } } }, ['worker'])).toEqual({});
});

test('a URL without the port is set even without a reservation', async () => {
  const config = {
    services: {
      docs: { shell: 'x', port: null, url: 'https://docs.example/' },
      api: { shell: 'x', url: 'http://localhost:${port}/v1' },
    },
  };
  expect(await variablesFor(config, ['docs'])).toEqual({ DOCS_URL: 'https://docs.example/' });
});

test.each([
  [{}, 'http://localhost:4000'],
  [{ url: 'postgres://dev@localhost:${port}/shop' }, 'postgres://dev@localhost:4000/shop'],
  [{ url: 'http://localhost:${port}/$${port}' }, 'http://localhost:4000/${port}'],
  [{ ready: false }, 'http://localhost:4000'],
  [{ ready: { port: true } }, 'http://localhost:4000'],
  [{ ready: { http: '/health' } }, 'http://localhost:4000'],
  [{ shell: 'redis-server', ready: { http: '/health' } }, 'http://localhost:4000'],
  [{ shell: 'redis-server', url: 'redis://localhost:${port}' }, 'redis://localhost:4000'],
  [{ ready: { exec: 'pg_isready' } }, undefined],
  [{ ready: { exec: 'curl -f localhost:$PORT' } }, 'http://localhost:4000'],
  [{ ready: { log: 'ready in' } }, 'http://localhost:4000'],
  [{ shell: 'redis-server', ready: { log: 'Ready to accept connections' } }, undefined],
  [{ ready: { port: 5432 } }, undefined],
  [{ shell: 'redis-server --port $PORT' }, undefined],
  [{ shell: 'docker run --rm -p $PORT:5432 postgres:17' }, undefined],
])('the URL of a service with %j is %s', async (fields, url) => {
  const variables = await variablesFor({ services: { api: { shell: 'x', port: 'auto', ...fields } } }, ['api']);
  expect(variables).toEqual({ API_PORT: '4000', ...(url === undefined ? {} : { API_URL: url }) });
});

test.each(['database', 'db', 'postgres', 'mysql', 'mongo', 'redis'])('%s has no URL by default', async (name) => {
  const variables = await variablesFor({ services: { [name]: { shell: 'x' } } }, [name]);
  expect(variables).toEqual({ [`${name.toUpperCase()}_PORT`]: '4000' });
  expect(portVariables([reserved(name, 4000)]).map((variable) => variable.name)).toEqual(Object.keys(variables));
});
