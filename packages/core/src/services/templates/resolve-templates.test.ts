import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { servicesIn, serviceWith } from '../../../test/config-text.ts';
import { configuredDefinition, type ServiceDefinition, transientDefinition } from '../service.ts';
import { checkResolvedExpression, referencedPorts, resolveEnv, resolveTemplates } from './resolve-templates.ts';

const projectDir = '/home/ada/shop';
const ports = new Map([
  ['api', 4000],
  ['web', 4001],
  ['my.db', 5432],
]);

/** The service `web` with these fields, in a project that also has `api`, `my.db` and `mail`. */
async function web(fields: Readonly<Record<string, unknown>>): Promise<ServiceDefinition> {
  const others = ['api', 'my.db', 'mail'].map((name) => ({ name, shell: 'run' }));
  const services = await servicesIn(
    JSON.stringify({ services: [...others, { name: 'web', shell: 'run', ...fields }] }),
  );
  const found = services.find(({ name }) => name === 'web');
  if (found === undefined) throw new Error('No service was read');
  return configuredDefinition(projectDir, found);
}

test('templates are replaced in every field that supports them', async () => {
  const definition = await web({
    shell: 'serve --port ${port} --api ${services.api.url} --of ${env.WHO} $${port} ${HOME}',
    env: {
      API: '${env.BASE}/v1',
      BASE: '${services.api.url}',
      DB: 'postgres://localhost:${services.my.db.port}/x',
      WHO: 'ada',
      LITERAL: '$${env.WHO}',
      AGAIN: '${env.LITERAL}',
    },
    ready: { http: '${services.web.url}/health' },
  });
  const resolved = resolveTemplates(definition, { ports });
  expect(resolved).toEqual({
    ...definition,
    shell: 'serve --port 4001 --api http://localhost:4000 --of ada ${port} ${HOME}',
    env: {
      API: 'http://localhost:4000/v1',
      BASE: 'http://localhost:4000',
      DB: 'postgres://localhost:5432/x',
      WHO: 'ada',
      LITERAL: '${env.WHO}',
      AGAIN: '${env.WHO}',
    },
    ready: { ...definition.ready, target: 'http://localhost:4001/health' },
  });
  expect(Object.keys(resolved.env)).toEqual(Object.keys(definition.env));
  expect(referencedPorts(definition)).toEqual(['web', 'api', 'my.db']);
});

test('the URL for browsers has a separate host name', async () => {
  const { services } = await web({}).then((one) => ({ services: [one, { name: 'api', ports: [] }] }));
  const naming = { services, ports: [], domain: 'main.shop.localhost' };
  const definition = await web({ env: { ORIGIN: '${services.api.browserUrl}' } });
  expect(resolveTemplates(definition, { ports, config: naming }).env).toEqual({
    ORIGIN: 'http://api.main.shop.localhost:4000',
  });
});

test.each([
  [{ log: 'listening on ${port}' }, { kind: 'log', text: 'listening on 4001', isRegex: false }],
  [
    { log: '^up .*:${port}$', regex: true },
    { kind: 'log', text: '^up .*:4001$', isRegex: true },
  ],
  [{ exec: 'pg_isready -p ${services.my.db.port}' }, { kind: 'exec', shell: 'pg_isready -p 5432' }],
  [{ port: '${services.my.db.port}' }, { kind: 'port', port: 5432 }],
  [{ port: '${port}' }, { kind: 'port', port: 4001 }],
  [{ port: '${env.P}' }, { kind: 'port', port: 6000 }],
  [{ port: true }, { kind: 'reserved-port' }],
  [false, { kind: 'none' }],
])('ready: %j', async (ready, target) => {
  const resolved = resolveTemplates(await web({ ready, env: { P: '6000' } }), { ports });
  expect(resolved.ready).toEqual({ ...target, intervalMs: 250, timeoutMs: 30_000 });
});

describe('a service without a port', () => {
  test('leaves ${port} in its command to the shell if it has no port setting', async () => {
    const definition = await web({ shell: 'port=1; echo ${port}' });
    expect(resolveTemplates(definition, { ports: new Map() }).shell).toBe('port=1; echo ${port}');
  });

  test.each([
    [{ shell: 'echo ${port}', port: 'auto' }, 'shell', '${port}', 'web'],
    [{ env: { 'A B': '${port}' } }, "env['A B']", '${port}', 'web'],
    [{ ready: { log: '${port}' } }, 'ready.log', '${port}', 'web'],
    [{ ready: { port: '${port}' } }, 'ready.port', '${port}', 'web'],
    [{ shell: 'x ${services.mail.port}' }, 'shell', '${services.mail.port}', 'mail'],
    [{ env: { SMTP: '${services.mail.url}' } }, 'env.SMTP', '${services.mail.url}', 'mail'],
  ])('is rejected: %j', async (fields, field, template, owner) => {
    const definition = await web(fields);
    expect(() => resolveTemplates(definition, { ports: new Map() })).toThrow(
      expect.objectContaining({
        code: 'SERVICE_TEMPLATE_WITHOUT_PORT',
        message: `Service 'web' cannot be started: ${field} contains ${template}, but '${owner}' has no reserved port`,
        hint: `Run candle reserve-port ${owner}, or set "port": "auto" for it in .candle.json`,
        details: { serviceName: 'web', field, template, owner },
      }),
    );
  });
});

describe('a value that is not valid for its field', () => {
  test.each([
    [{ ready: { port: '${env.P}' } }, 'ready.port: must be a port from 1 to 65535, but it is not-a-port'],
    [{ ready: { http: '${env.P}' } }, "ready.http: must be a path like '/health' or a URL, but it is not-a-port"],
  ])('is rejected: %j', async (fields, problem) => {
    const definition = await web({ env: { P: 'not-a-port' }, ...fields });
    expect(() => resolveTemplates(definition, { ports })).toThrow(
      expect.objectContaining({
        code: 'SERVICE_TEMPLATE_INVALID',
        message: `Service 'web' cannot be started: ${problem}`,
      }),
    );
  });
});

test('values that grow beyond 1 MiB are rejected', async () => {
  const env = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`V${index}`, index === 0 ? 'x' : `\${env.V${index - 1}}`.repeat(2)]),
  );
  const definition = await web({ env });
  expect(() => resolveTemplates(definition, { ports })).toThrow(
    expect.objectContaining({
      code: 'SERVICE_TEMPLATE_INVALID',
      message: "Service 'web' cannot be started: env.V21: the values of its templates are longer than 1 MiB",
    }),
  );
});

test('an expression that its templates make invalid is rejected', async () => {
  const of = async (log: string) => {
    const definition = await web({ env: { P: 'a{2000}' }, ready: { log, regex: true } });
    return checkResolvedExpression(definition, resolveTemplates(definition, { ports }));
  };
  await expect(of('up on ${port}')).resolves.toBe(undefined);
  await expect(of('${env.P}')).rejects.toMatchObject({
    code: 'SERVICE_TEMPLATE_INVALID',
    message:
      "Service 'web' cannot be started: ready.log: must be a regular expression that Candle supports: its repetitions amount to more than 500 characters, but it is a{2000}",
  });
});

test("a transient service's command can contain templates, and errors are reported when it starts", () => {
  const typed = (shell: string) => transientDefinition(projectDir, 'try', { shell, root: null });
  expect(resolveTemplates(typed('curl ${services.api.url} ${port}'), { ports }).shell).toBe(
    'curl http://localhost:4000 ${port}',
  );
  for (const [shell, problem] of [
    [
      'x ${services.api.prot}',
      '${services.api.prot} must end with .port, .url or .browserUrl; did you mean ${services.api.port}?',
    ],
    [
      'x ${env.constructor}',
      "${env.constructor} refers to 'constructor', which is not in the env of this service; add it there, or write $constructor in shell",
    ],
    [
      'x ${env.A}',
      "${env.A} refers to 'A', which is not in the env of this service; add it there, or write $A in shell",
    ],
  ] as const) {
    expect(() => resolveTemplates(typed(shell), { ports })).toThrow(
      expect.objectContaining({ message: `Service 'try' cannot be started: shell: ${problem}` }),
    );
  }
});

test('the variables can be resolved without ports, with a replacement text', async () => {
  const env = { OWN: 'p${port}', MAIL: '${services.mail.url}', API: '${services.api.port}', AGAIN: '${env.MAIL}/x' };
  const definition = await web({ shell: 'run ${services.mail.port}', env });
  expect(resolveEnv(definition, { ports: new Map([['api', 4000]]), portless: '' })).toEqual({
    OWN: 'p',
    MAIL: '',
    API: '4000',
    AGAIN: '/x',
  });
});

test('any definition without templates stays equal', async () => {
  const usual = await serviceWith('"port": 5173');
  const text = fc.string().filter((value) => !value.includes('${'));
  fc.assert(
    fc.property(text, fc.dictionary(fc.string({ minLength: 1 }), text), text, (shell, env, log) => {
      const ready = { kind: 'log', text: log, isRegex: false, intervalMs: 1, timeoutMs: 1 } as const;
      const definition = configuredDefinition(projectDir, { ...usual, shell, env, ready });
      expect(resolveTemplates(definition, { ports: new Map() })).toEqual(definition);
    }),
  );
});

test('a resolved definition has no templates left, and resolving it again changes nothing', async () => {
  const parts = fc.constantFrom(
    '${port}',
    '${services.api.url}',
    '${services.my.db.port}',
    '${env.BASE}',
    'x',
    ' ',
    '$',
  );
  const usual = await web({ env: { BASE: '${services.web.port}' } });
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 6 }), fc.array(parts, { maxLength: 6 }), (shell, value) => {
      fc.pre(![...shell, ...value].join('').includes('$${'));
      const definition = { ...usual, shell: shell.join(''), env: { ...usual.env, VALUE: value.join('') } };
      const once = resolveTemplates(definition, { ports });
      expect(resolveTemplates(once, { ports })).toEqual(once);
      expect(JSON.stringify(once)).not.toContain('${');
    }),
  );
});
