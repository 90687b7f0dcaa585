import { expect, test } from 'vitest';
import { problemsIn, problemsWith, servicesIn } from '../../../test/config-text.ts';

test('all invalid references are reported at once, each at its own text', async () => {
  const text = `{ "services": [
    { "name": "api", "shell": "run" },
    { "name": "web",
      "shell": "run \${services.nobody.port} \${services.apj.url}",
      "env": {
        "API_URL": "\${services.api.prot}",
        "B": "\${services.api}",
        "C": "\${services.api.poort} \${env.API_ULR}",
        "D": "\${env.HOME}"
      },
      "ready": {
        "exec": "check \${services.web.urll}" }
    } ] }`;
  expect(await problemsIn(text)).toEqual([
    "4 services[1].shell: ${services.nobody.port} refers to 'nobody', which is not configured; the configured services are 'api', 'web'",
    "4 services[1].shell: ${services.apj.url} refers to 'apj', which is not configured; did you mean ${services.api.url}?",
    '6 services[1].env.API_URL: ${services.api.prot} must end with .port, .url or .browserUrl; did you mean ${services.api.port}?',
    '7 services[1].env.B: ${services.api} must end with .port, .url or .browserUrl; did you mean ${services.api.port}?',
    '8 services[1].env.C: ${services.api.poort} must end with .port, .url or .browserUrl; did you mean ${services.api.port}?',
    "8 services[1].env.C: ${env.API_ULR} refers to 'API_ULR', which is not in the env of this service; did you mean ${env.API_URL}?",
    "9 services[1].env.D: ${env.HOME} refers to 'HOME', which is not in the env of this service; add it there, or write $HOME in shell",
    '12 services[1].ready.exec: ${services.web.urll} must end with .port, .url or .browserUrl; did you mean ${services.web.url}?',
  ]);
});

test.each([
  ['{"A": "${env.A}"}', "A: is circular: 'A' → 'A'; give one of them a value"],
  ['{"A": "${env.B}", "B": "x ${env.A} y"}', "A: is circular: 'A' → 'B' → 'A'; give one of them a value"],
  [
    '{"Z": "${env.A}", "A": "${env.B}", "B": "${env.C}", "C": "${env.A}"}',
    "A: is circular: 'A' → 'B' → 'C' → 'A'; give one of them a value",
  ],
])('"env": %s is circular', async (env, problem) => {
  expect(await problemsWith(`"env": ${env}`)).toEqual([`3 env.${problem}`]);
});

test('several cycles are reported at once', async () => {
  const env = '{"A": "${env.B}", "B": "${env.A}", "C": "${env.A}", "D": "${env.D}"}';
  expect(await problemsWith(`"env": ${env}`)).toEqual([
    "3 env.A: is circular: 'A' → 'B' → 'A'; give one of them a value",
    "3 env.D: is circular: 'D' → 'D'; give one of them a value",
  ]);
});

test('services can refer to each other and to themselves', async () => {
  const text = JSON.stringify({
    services: {
      api: { shell: 'run', env: { WEB: '${services.web.url}', SELF: '${services.api.url}' } },
      web: { shell: 'run ${services.api.port}', env: { A: '${env.B}', B: '$${env.A}' } },
    },
  });
  expect(await servicesIn(text)).toHaveLength(2);
});

const port =
  'port: must be a port from 1 to 65535, true for the reserved one, or one template like "${services.db.port}"';

test.each([
  ['{"http": "${services.api.url}/health"}', []],
  ['{"http": "http://localhost:${port}/"}', []],
  ['{"http": "/health?of=${services.api.port}"}', []],
  ['{"http": "localhost:${port}"}', ["http: must be a path like '/health' or a URL"]],
  ['{"log": "^on ${port}$", "regex": true}', []],
  [
    '{"log": "(${port}", "regex": true}',
    ['log: must be a regular expression that Candle supports: missing closing ): (4000'],
  ],
  ['{"port": "${services.api.port}"}', []],
  ['{"port": "${port}"}', []],
  ['{"port": "${services.api.url}"}', ['port: must be a port: write ${services.api.port}']],
  ['{"port": "1${port}"}', [port]],
  ['{"port": "$${port}"}', [port]],
  [
    '{"port": "${services.apj.port}"}',
    ["port: ${services.apj.port} refers to 'apj', which is not configured; did you mean ${services.api.port}?"],
  ],
])('"ready": %s is validated as far as possible', async (ready, problems) => {
  const written = `"ready": ${ready}`;
  if (problems.length === 0) await servicesIn(`{"services": [{"name": "api", "shell": "x", ${written}}]}`);
  else expect(await problemsWith(written)).toEqual(problems.map((problem) => `3 ready.${problem}`));
});

/** The problems of the fields of `web` in a project with a database, a worker and a port of another program. */
async function problemsOfWeb(fields: object): Promise<readonly string[]> {
  const services = {
    api: { shell: 'run', port: 'auto', ports: { DEBUG_PORT: 9229 } },
    redis: { shell: 'redis-server' },
    store: { shell: 'redis-server', url: 'redis://localhost:${port}/0' },
    worker: { shell: 'run', port: null },
    web: { shell: 'run', ...fields },
  };
  const ports = { db: 'auto', mail: { port: 1025, url: 'smtp://localhost:${port}' } };
  const problems = await problemsIn(JSON.stringify({ services, ports }));
  return problems.map((problem) => problem.replace('1 services.web.', ''));
}

test.each([
  [
    '${services.api.ports.DEBUG_PROT}',
    "refers to 'DEBUG_PROT', which is not in the ports of 'api'; did you mean ${services.api.ports.DEBUG_PORT}?",
  ],
  ['${services.redis.ports.X}', "refers to 'X', which is not in the ports of 'redis'; add it there"],
  [
    '${services.apj.ports.DEBUG_PORT}',
    "refers to 'apj', which is not configured; did you mean ${services.api.ports.DEBUG_PORT}?",
  ],
  ['${services.api.port.DEBUG_PORT}', 'is not a reference to a port; did you mean ${services.api.ports.DEBUG_PORT}?'],
  ['${services.api.port.X}', 'must end with .port, .url or .browserUrl; did you mean ${services.api.port}?'],
  ['${services.db.port}', "refers to 'db', which is not configured; did you mean ${ports.db.port}?"],
  ['${ports.api.port}', "refers to 'api', which is not in ports; did you mean ${services.api.port}?"],
  ['${ports.mial.url}', "refers to 'mial', which is not in ports; did you mean ${ports.mail.url}?"],
  ['${ports.queue.port}', "refers to 'queue', which is not in ports; add it there"],
  ['${ports.db}', 'must end with .port, .url or .browserUrl; did you mean ${ports.db.port}?'],
  ['${services.worker.port}', 'needs a port, but the port of \'worker\' is null: set it to "auto"'],
  ['${services.worker.url}', 'needs a port, but the port of \'worker\' is null: set it to "auto"'],
  [
    '${services.redis.url}',
    'has no value, because \'redis\' does not seem to speak HTTP (its name is that of a database or broker): set its "url", or use ${services.redis.port}',
  ],
  [
    '${services.redis.browserUrl}',
    'has no value, because \'redis\' does not seem to speak HTTP (its name is that of a database or broker): set its "url", or use ${services.redis.port}',
  ],
  [
    '${ports.mail.browserUrl}',
    "has no value, because the URL of 'mail' does not begin with http://localhost: use ${ports.mail.url}",
  ],
  [
    '${ports.db.url}',
    'has no value, because \'db\' does not seem to speak HTTP (its name is that of a database or broker): set its "url", or use ${ports.db.port}',
  ],
])('%s is invalid', async (template, problem) => {
  expect(await problemsOfWeb({ shell: template })).toEqual([`shell: ${template} ${problem}`]);
});

test('the suggestion for a further port of the same service contains the name of the service', async () => {
  const problems = await problemsOfWeb({ shell: 'run ${ports.HMR_PORT}', ports: { HMR_PORT: 'auto' } });
  expect(problems).toEqual([
    'shell: ${ports.HMR_PORT} is not a reference to a port; did you mean ${services.web.ports.HMR_PORT}?',
  ]);
});

test('the ports and URLs that exist can be used everywhere', async () => {
  const text =
    '${services.api.ports.DEBUG_PORT} ${services.redis.port} ${services.store.url} ${ports.db.port} ${ports.mail.url}';
  const services = {
    api: { shell: 'run', ports: { DEBUG_PORT: 9229 } },
    redis: { shell: 'redis-server' },
    store: { shell: 'redis-server', url: 'redis://localhost:${port}/0' },
    web: { shell: text, env: { A: text }, ready: { port: '${services.api.ports.DEBUG_PORT}' } },
  };
  const ports = { db: 'auto', mail: { port: 1025, url: 'smtp://localhost:${port}' } };
  expect(await servicesIn(JSON.stringify({ services, ports }))).toHaveLength(4);
});

test('a service whose port is null cannot use its own port, except as a variable of its shell', async () => {
  const needs = 'needs a port, but port is null: set it to "auto"';
  expect(
    await problemsOfWeb({ port: null, shell: 'for port in 1 2; do echo ${port}; done', env: { A: '${port}' } }),
  ).toEqual([`env.A: \${port} ${needs}`]);
  const needsReserved = 'needs a reserved port, but port is null: set it to "auto"';
  expect(await problemsOfWeb({ port: null, ready: { http: '/health' } })).toEqual([`ready.http: ${needsReserved}`]);
  expect(await problemsOfWeb({ port: null, ready: { port: true } })).toEqual([`ready.port: ${needsReserved}`]);
});

test('only the names of services are checked while the file has other problems', async () => {
  expect(
    await problemsOfWeb({ shell: '${ports.db.port} ${services.redis.url} ${services.apj.port}', color: 1 }),
  ).toEqual([expect.stringContaining("refers to 'apj'"), 'color: must be true or false']);
});
