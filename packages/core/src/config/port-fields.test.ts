import { describe, expect, test } from 'vitest';
import { problemsIn, problemsWith, servicesIn, serviceWith } from '../../test/config-text.ts';
import { parseConfig } from './parse-config.ts';

const preference = 'must be "auto", a number from 1024 to 65535, or null for no port';

test.each([
  ['"auto"', { kind: 'auto' }],
  ['1024', { kind: 'preferred', port: 1024 }],
  ['65535', { kind: 'preferred', port: 65535 }],
  ['5173, "strictPort": false', { kind: 'preferred', port: 5173 }],
  ['5173, "strictPort": true', { kind: 'strict', port: 5173 }],
])('"port": %s', async (written, port) => {
  expect((await serviceWith(`"port": ${written}`)).port).toEqual(port);
});

test('"port": null means that the service never gets a port, and that it never listens', async () => {
  expect(await serviceWith('"port": null')).toMatchObject({ port: null, ready: { kind: 'none' } });
  expect(await serviceWith('"port": null, "ready": {"log": "up"}')).toMatchObject({ ready: { kind: 'log' } });
});

test('without port there is no port setting, even if strictPort is false', async () => {
  expect(await serviceWith('"strictPort": false')).not.toHaveProperty('port');
});

test.each([
  ['0', `${preference}; use "auto" for any free port`],
  ['80', `${preference}; only root can listen on lower ports`],
  ['1023', `${preference}; only root can listen on lower ports`],
  ['70000', preference],
  ['-1', preference],
  ['5173.5', preference],
  ['1e9', preference],
  ['"abc"', preference],
  ['"AUTO"', preference],
  ['"5173"', `${preference}; write the number without quotes`],
  ['""', preference],
  ['true', preference],
  ['[5173]', preference],
  ['{}', preference],
])('"port": %s is rejected', async (written, problem) => {
  expect(await problemsWith(`"port": ${written}`)).toEqual([`3 port: ${problem}`]);
});

test.each(['', ', "port": "auto"', ', "port": null'])('strictPort requires a number%s', async (more) => {
  expect(await problemsWith(`"strictPort": true${more}`)).toEqual([
    '3 strictPort: requires a port number: set port to a number, or remove strictPort',
  ]);
});

test('an invalid port is not reported for strictPort as well', async () => {
  expect(await problemsWith('"port": 0, "strictPort": true')).toHaveLength(1);
  expect(await problemsWith('"port": 5173, "strictPort": 1')).toEqual(['3 strictPort: must be true or false']);
});

test.each([
  ['"VITE_PORT"', ['VITE_PORT']],
  ['["PORT", "http_port", "_1", "PORT"]', ['PORT', 'http_port', '_1']],
  ['[]', []],
  ['null', []],
])('"portEnv": %s', async (written, portEnv) => {
  expect((await serviceWith(`"portEnv": ${written}`)).portEnv).toEqual(portEnv);
});

const form = 'must be a variable name, a list of variable names, or null for none';
const name = "must be a variable name: letters, digits and '_', not starting with a digit";

test.each([
  ['""', `portEnv: ${name}`],
  ['"1X"', `portEnv: ${name}`],
  ['"MY-PORT"', `portEnv: ${name}`],
  ['"A=B"', `portEnv: ${name}`],
  ['["OK", "A B"]', `portEnv[1]: ${name}`],
  ['"CANDLE_PORT"', 'portEnv: must not begin with CANDLE_: Candle sets these variables'],
  ['5', `portEnv: ${form}`],
  ['false', `portEnv: ${form}`],
])('"portEnv": %s is rejected', async (written, problem) => {
  expect(await problemsWith(`"portEnv": ${written}`)).toEqual([`3 ${problem}`]);
});

describe('excludePorts', () => {
  const parse = (text: string) => parseConfig('/home/ada/shop/.candle.json', text);

  test('is a list of numbers, and empty if omitted', async () => {
    expect((await parse('{"excludePorts": [5000, 1, 65535, 5000]}')).excludedPorts).toEqual([5000, 1, 65535, 5000]);
    expect((await parse('{}')).excludedPorts).toEqual([]);
    expect((await parse('')).excludedPorts).toEqual([]);
  });

  test.each([
    ['5000', 'excludePorts: must be a list of port numbers'],
    ['{}', 'excludePorts: must be a list of port numbers'],
    ['null', 'excludePorts: must be a list of port numbers'],
    ['[0]', 'excludePorts[0]: must be a number from 1 to 65535'],
    ['[1, 65536]', 'excludePorts[1]: must be a number from 1 to 65535'],
    ['["5000-6000"]', 'excludePorts[0]: must be a number from 1 to 65535'],
    ['[5000.5]', 'excludePorts[0]: must be a number from 1 to 65535'],
  ])('%s is rejected', async (written, problem) => {
    expect(await problemsIn(`{"excludePorts": ${written}}`)).toEqual([`1 ${problem}`]);
  });
});

test('conflicts between the ports of services are reported at the field that has to change', async () => {
  const text = `{ "excludePorts": [5000],
    "services": {
      "a": { "shell": "x", "port": 5173, "strictPort": true },
      "b": { "shell": "x",
        "port": 5173, "strictPort": true },
      "c": { "shell": "x", "port": 5173 },
      "d": { "shell": "x", "port": 5000 },
      "web-ui": { "shell": "x" },
      "WEB_UI": { "shell": "x" },
      "web.ui": { "shell": "x" }
    }
  }`;
  expect(await problemsIn(text)).toEqual([
    "5 services.b.port: 'a' also requires 5173: give them different numbers, or remove strictPort from one of them",
    '7 services.d.port: 5000 is in excludePorts: remove it there, or choose another port',
    "9 services.WEB_UI: 'WEB_UI' and 'web-ui' would both set WEB_UI_PORT for other services: rename one of them",
    "10 services['web.ui']: 'web.ui' and 'web-ui' would both set WEB_UI_PORT for other services: rename one of them",
  ]);
});

test('further ports are read in the order of the file', async () => {
  expect((await serviceWith('"ports": {"HMR_PORT": "auto", "constructor": 9229}')).ports).toEqual([
    { variable: 'HMR_PORT', port: { kind: 'auto' } },
    { variable: 'constructor', port: { kind: 'preferred', port: 9229 } },
  ]);
  expect((await serviceWith('"port": "auto"')).ports).toEqual([]);
});

const furtherPort = 'must be "auto", or a number from 1024 to 65535';

test.each([
  ['{"HMR-PORT": "auto"}', `ports.HMR-PORT: ${name}`],
  ['{"CANDLE_PORT": "auto"}', 'ports.CANDLE_PORT: must not begin with CANDLE_: Candle sets these variables'],
  ['{"A": null}', `ports.A: ${furtherPort}`],
  ['{"A": "9229"}', `ports.A: ${furtherPort}; write the number without quotes`],
  ['{"A": 80}', `ports.A: ${furtherPort}; only root can listen on lower ports`],
  [
    '["A"]',
    'ports: must be an object of variables and their ports: { "HMR_PORT": "auto" }; the port that the service itself listens on is "port"',
  ],
  ['{"PORT": "auto"}', 'ports.PORT: PORT belongs to the port of the service itself: choose another variable'],
  ['{"A": 9229, "A": 9230}', "ports.A: 'A' is given more than once"],
])('"ports": %s is rejected', async (written, problem) => {
  expect(await problemsWith(`"ports": ${written}`)).toEqual([`3 ${problem}`]);
});

test('a variable cannot contain a further port and the own port of the service', async () => {
  expect(await problemsWith('"portEnv": ["A", "B"], "ports": {"B": "auto", "URL": "auto"}')).toEqual([
    '3 ports.B: B belongs to the port of the service itself: choose another variable',
    '3 ports.URL: URL belongs to the port of the service itself: choose another variable',
  ]);
  expect((await serviceWith('"port": null, "ports": {"PORT": "auto"}')).ports).toHaveLength(1);
});

test.each([
  '"postgres://dev@localhost:${port}/shop"',
  '"postgresql+psycopg://dev:secret@localhost:${port}/shop?sslmode=disable"',
  '"jdbc:postgresql://localhost:${port}/shop"',
  '"https://example.com/$${name}"',
])('"url": %s', async (written) => {
  expect((await serviceWith(`"url": ${written}`)).url).toBe(JSON.parse(written));
});

const url = 'url: must be a URL, such as "postgres://dev@localhost:${port}/shop"';

test.each([
  ['"/shop"', url],
  ['""', url],
  ['"http://localhost:${port}/a b"', url],
  ['4000', url],
  ['"http://${env.HOST}:${port}"', 'url: must not contain a template other than ${port}'],
  ['"http://localhost:${services.api.port}"', 'url: must not contain a template other than ${port}'],
  ['"http://localhost:${PORT}"', 'url: must not contain a template other than ${port}'],
])('"url": %s is rejected', async (written, problem) => {
  expect(await problemsWith(`"url": ${written}`)).toEqual([`3 ${problem}`]);
});

test('a url that contains the port needs one', async () => {
  expect(await problemsWith('"port": null, "url": "http://localhost:${port}"')).toEqual([
    '3 url: needs a reserved port, but port is null: set it to "auto"',
  ]);
  expect((await serviceWith('"port": null, "url": "https://example.com"')).url).toBe('https://example.com');
});

describe('ports', () => {
  const parse = (text: string) => parseConfig('/home/ada/shop/.candle.json', text);

  test('are those of programs that Candle does not start', async () => {
    const mail = { port: 1025, strictPort: true, portEnv: ['SMTP_PORT', 'MAIL'], url: 'smtp://localhost:${port}' };
    const { ports } = await parse(
      JSON.stringify({ ports: { 'my-db': 'auto', mail, 日: { port: 5000, portEnv: null } } }),
    );
    expect(ports).toEqual([
      { name: 'my-db', port: { kind: 'auto' }, portEnv: ['MY_DB_PORT'] },
      { name: 'mail', port: { kind: 'strict', port: 1025 }, portEnv: ['SMTP_PORT', 'MAIL'], url: mail.url },
      { name: '日', port: { kind: 'preferred', port: 5000 }, portEnv: [] },
    ]);
  });

  test.each([
    ['5432', 'ports: must be an object of names and ports: { "db": "auto" }'],
    ['["db"]', 'ports: must be an object of names and ports: { "db": "auto" }'],
    ['{"": "auto"}', "ports['']: must not be empty"],
    ['{"-x": "auto"}', "ports.-x: must not begin with '-'"],
    ['{"db": null}', `ports.db: ${furtherPort}`],
    ['{"db": {}}', 'ports.db.port: is missing'],
    ['{"db": {"port": null}}', `ports.db.port: ${furtherPort}`],
    ['{"db": {"port": 5432, "portEnv": "A B"}}', `ports.db.portEnv: ${name}`],
    ['{"db": {"port": 5432, "url": "x"}}', `ports.db.${url}`],
    [
      '{"db": {"port": "auto", "strictPort": true}}',
      'ports.db.strictPort: requires a port number: set port to a number, or remove strictPort',
    ],
    ['{"db": 5432, "db": 5433}', "ports.db: 'db' is given more than once"],
  ])('%s is rejected', async (written, problem) => {
    expect(await problemsIn(`{"ports": ${written}}`)).toEqual([`1 ${problem}`]);
  });
});

test('names and variables that two ports would have are reported', async () => {
  const text = `{ "excludePorts": [5000, 9229], "services": {
      "web": { "shell": "x", "port": "auto", "ports": {
        "HMR_PORT": "auto", "DEBUG_PORT": 9229 } },
      "web.HMR_PORT": { "shell": "x", "port": null },
      "web-hmr": { "shell": "x" },
      "db": { "shell": "x", "port": 5432, "strictPort": true }
    }, "ports": {
      "db": 5000,
      "web.DEBUG_PORT": "auto",
      "mail": { "port": 5432, "strictPort": true },
      "queue": { "port": "auto", "portEnv": "DB_PORT" }
    } }`;
  expect(await problemsIn(text)).toEqual([
    "3 services.web.ports.HMR_PORT: 'web.HMR_PORT' is already the name of services['web.HMR_PORT']: rename one of them",
    '3 services.web.ports.DEBUG_PORT: 9229 is in excludePorts: remove it there, or choose another port',
    "5 services.web-hmr: 'web-hmr' and 'web.HMR_PORT' would both set WEB_HMR_PORT for other services: rename one of them",
    "8 ports.db: 'db' is already the name of services.db: rename one of them",
    '8 ports.db: 5000 is in excludePorts: remove it there, or choose another port',
    "9 ports['web.DEBUG_PORT']: 'web.DEBUG_PORT' is already the name of services.web.ports.DEBUG_PORT: rename one of them",
    "10 ports.mail.port: 'db' also requires 5432: give them different numbers, or remove strictPort from one of them",
    "11 ports.queue: 'queue' and 'db' would both set DB_PORT for other services: rename one of them",
  ]);
});

test('names without a variable prefix do not conflict', async () => {
  expect(await servicesIn('{"services": {"日": {"shell": "x"}, "本": {"shell": "x"}}}')).toHaveLength(2);
});
