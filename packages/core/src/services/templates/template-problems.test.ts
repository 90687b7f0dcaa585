import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problemsIn, problemsWith, servicesIn } from '../../../test/config-text.ts';
import { fillTemplate, parseTemplate, referencesIn } from './template-problems.ts';

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
    '6 services[1].env.API_URL: ${services.api.prot} must end with .port or .url; did you mean ${services.api.port}?',
    '7 services[1].env.B: ${services.api} must end with .port or .url; did you mean ${services.api.port}?',
    '8 services[1].env.C: ${services.api.poort} must end with .port or .url; did you mean ${services.api.port}?',
    "8 services[1].env.C: ${env.API_ULR} refers to 'API_ULR', which is not in the env of this service; did you mean ${env.API_URL}?",
    "9 services[1].env.D: ${env.HOME} refers to 'HOME', which is not in the env of this service; add it there, or write $HOME in shell",
    '12 services[1].ready.exec: ${services.web.urll} must end with .port or .url; did you mean ${services.web.url}?',
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

const fill = (text: string) => fillTemplate(text, ({ source }) => `<${source.slice(2, -1)}>`);

test.each([
  ['plain', 'plain'],
  ['', ''],
  ['${port}', '<port>'],
  ['-p ${port}:${port}', '-p <port>:<port>'],
  ['${services.api.port}${services.api.url}/x', '<services.api.port><services.api.url>/x'],
  ['${env.A}', '<env.A>'],
  // Shell syntax.
  ['${PORT:-3000} $PORT $(x) ${ports} ${service.a.port}', '${PORT:-3000} $PORT $(x) ${ports} ${service.a.port}'],
  ['${Port} ${ port } ${}', '${Port} ${ port } ${}'],
  ['${PORT:-${services.api.port}}', '${PORT:-<services.api.port>}'],
  ['${port', '${port'],
  ['$port} ${services.api.port', '$port} ${services.api.port'],
  // Escaped.
  ['$${port}', '${port}'],
  ['$${HOME} $${services.api.port}', '${HOME} ${services.api.port}'],
  ['$$${port}', '$${port}'],
  ['$${A:-${port}}', '${A:-<port>}'],
  ['$$ $${ $$', '$$ $${ $$'],
])('%s becomes %s', (text, filled) => {
  expect(fill(text)).toBe(filled);
});

test.each([
  ['${services.api.port}', 'api', 'port'],
  ['${services.my.api.v2.url}', 'my.api.v2', 'url'],
  ['${services.a b$c{d.port}', 'a b$c{d', 'port'],
  ['${services.port.port}', 'port', 'port'],
  ['${services.ä/ö.url}', 'ä/ö', 'url'],
])('%s refers to the service %s', (text, name, property) => {
  expect(referencesIn(text)).toEqual([{ kind: 'service', source: text, name, property }]);
});

test.each(['${services.}', '${services.api}', '${services.api.prot}', '${services..port}', '${services.port}'])(
  '%s is malformed',
  (text) => {
    expect(referencesIn(text)).toMatchObject([{ kind: 'malformed', source: text }]);
  },
);

describe('for any text', () => {
  const fragment = fc.constantFrom(
    '$',
    '{',
    '}',
    '${',
    '$${',
    'port',
    'services.',
    'env.',
    'api',
    '.url',
    '.port',
    ' ',
  );
  const anyText = fc.array(fragment, { maxLength: 24 }).map((fragments) => fragments.join(''));

  test('a text without ${ is unchanged', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('${')),
        (text) => fill(text) === text,
      ),
    );
  });

  test('a text with every ${ escaped results in the original text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const end = text.lastIndexOf('}') + 1;
        return fill(text.slice(0, end).replaceAll('${', () => '$${') + text.slice(end)) === text;
      }),
      { numRuns: 2000 },
    );
  });

  test('no two text parts are adjacent, and none is empty', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parts = parseTemplate(text);
        return parts.every(
          (part, index) => part.kind !== 'text' || (part.text !== '' && parts[index + 1]?.kind !== 'text'),
        );
      }),
    );
  });
});
