import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../core/src/config/parse-config.ts';
import { linesOf, withCompose, withoutCompose } from '../test/findings.ts';
import { memoryFiles } from '../test/memory-files.ts';
import { readJson, readToml, readYaml } from './parsed-file.ts';
import type { Finding } from './proposal.ts';
import { containers, languages, lastResorts, processFiles } from './sources.ts';

const sources = [...processFiles, containers, ...languages, ...lastResorts];

const names = [
  'Procfile',
  'Procfile.local',
  'process-compose.yaml',
  'process-compose.override.yaml',
  'mprocs.yaml',
  'mprocs.json',
  'compose.yaml',
  'compose.override.yaml',
  'compose.dev.yaml',
  '.env',
  'package.json',
  'composer.json',
  'pyproject.toml',
  'Cargo.toml',
  'go.mod',
  'Makefile',
  'Taskfile.yml',
];

/** Text that is close to what these files contain. */
const fragments = fc.constantFrom(
  ...['services', 'processes', 'procs', 'tasks', 'dev', 'web', 'constructor', '__proto__', 'image', 'build', 'ports'],
  ...['extends', 'environment', 'depends_on', 'command', 'shell', 'cmd', 'scripts', 'include', 'workspace', 'bin'],
  ...[
    ': ',
    ':\n',
    '\n',
    '\n  ',
    '\n    ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    ',',
    '=',
    '$',
    '${',
    '&a ',
    '*a',
    '<<: *a',
    '!override ',
  ],
  ...['"${A:-1}:2"', '80:80', 'null', '1', 'npm run dev', 'candle up', '\0', '\t', '#', '|', '? ', '../..', '/x'],
);
const text = fc.oneof(
  fc.string(),
  fc.array(fragments, { maxLength: 60 }).map((parts) => parts.join('')),
);

/** A value of any shape under the keys that sources read. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 3, 'x', '5432:5432', '$select', 'os', ''),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(
        fragments,
        fc.constantFrom(
          'db',
          'env',
          'cwd',
          'url',
          'ports',
          'volumes',
          'profiles',
          '$select',
          'readiness_probe',
          'http_get',
        ),
      ),
      tie('any'),
      { maxKeys: 4 },
    ),
  ),
})).any;

const odd = fc.oneof(
  fc.constantFrom(
    'x',
    '',
    ' ',
    '\0',
    '/',
    '/health',
    '../..',
    '/abs',
    '$X',
    '${port}',
    '${services.x.port}',
    '${env.A}',
    '{{.X}}',
  ),
  fc.constantFrom(
    '${PORT:-1}:2',
    '${CANDLE_X}:1',
    '1:2',
    '70000:1',
    '99:99/udp',
    3000,
    0,
    -1,
    1.5,
    true,
    null,
    'vite',
    'candle up',
  ),
  value,
);

/** What a service, process or proc of these files can have, with odd values. */
const entry = fc.record(
  {
    ...{
      image: fc.oneof(fc.constantFrom('postgres', 'redis:8', 'node', 'rabbitmq'), odd),
      build: odd,
      ports: fc.array(odd),
    },
    ...{
      environment: fc.oneof(
        fc.array(fc.constantFrom('A=1', '=', 'PORT=3', 'A=$B', 'POSTGRES_PASSWORD=${X:-${env.Y}}')),
        odd,
      ),
    },
    ...{ depends_on: odd, profiles: odd, volumes: odd, extends: odd, container_name: odd, env_file: odd },
    ...{ command: odd, working_dir: odd, disabled: odd, replicas: odd, ready_log_line: odd, schedule: odd },
    readiness_probe: fc.record(
      { http_get: fc.record({ host: odd, path: odd, port: odd, scheme: odd }), exec: odd },
      { requiredKeys: [] },
    ),
    shutdown: fc.record({ command: odd, signal: odd, timeout_seconds: odd }),
    availability: fc.record({ restart: fc.constantFrom('always', 'on_failure', 'no', 1) }),
    ...{ shell: odd, cmd: odd, cwd: odd, env: odd, stop: odd, deps: odd, add_path: odd },
  },
  { requiredKeys: [] },
);

const entries = fc.dictionary(
  fc.constantFrom('db', 'web', 'a b', '-x', '..', 'constructor', '__proto__', 'a\nb', '', 'env.A', '日'),
  fc.oneof({ weight: 4, arbitrary: entry }, { weight: 1, arbitrary: odd }),
  { maxKeys: 4 },
);

const documents = fc
  .record(
    {
      services: entries,
      processes: entries,
      procs: entries,
      tasks: value,
      scripts: value,
      include: odd,
      name: odd,
      environment: odd,
    },
    { requiredKeys: [] },
  )
  .map((document) => JSON.stringify(document));

/** The configuration with these services, as Candle reads it. */
async function expectValid({ services }: Finding): Promise<void> {
  const written = services.map(({ service: { port, ...service } }) => (port === null ? service : { ...service, port }));
  const { services: read } = await parseConfig('/home/ada/shop/.candle.json', JSON.stringify({ services: written }));
  expect(read).toHaveLength(services.length);
}

describe('no content of a file', () => {
  test('makes a source throw, or write a configuration that Candle rejects', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...names), fc.oneof(text, documents), { maxKeys: 4 }),
        fc.boolean(),
        async (contents, hasCompose) => {
          for (const source of sources) {
            const found = source.find(memoryFiles(contents), '', hasCompose ? withCompose : withoutCompose);
            await expectValid(found);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  const anchors = (count: number) => {
    const levels = Array.from(
      { length: count },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]`,
    );
    return `a0: &a0 [x]\n${levels.join('\n')}`;
  };

  test.each([
    ['aliases that expand without bounds', `${anchors(20)}\nservices: {db: *a20}`, 'excessive alias count'],
    ['an alias to itself', 'services: &a\n  db: *a', ''],
    ['explicit keys in each other', '? '.repeat(10_000), 'it has too many explicit keys'],
    ['lists in each other', '['.repeat(100_000), 'nested'],
    ['a large file', 'x'.repeat(200_000), 'is larger than 128 KiB'],
    ['text that is not YAML', '\u0000\u0001: [', ''],
    ['quotes', '"'.repeat(100_000), ''],
  ])('takes the parser seconds: %s', (_, content, problem) => {
    const started = process.cpuUsage().user;
    const found = containers.find(memoryFiles({ 'compose.yaml': content }), '', withCompose);
    expect(found.services).toEqual([]);
    if (problem !== '') expect(linesOf(found.problems).join().toLowerCase()).toContain(problem.toLowerCase());
    // Time limit: CPU time of this process alone. Without the limits, these take minutes.
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(10);
  });

  test.each([
    [
      'a long command',
      { Procfile: `web: npm run dev ${'a'.repeat(120_000)}!`, 'package.json': '{"scripts":{"dev":"x"}}' },
    ],
    ['many commands', { Procfile: `web: ${'docker run -p '.repeat(8_000)}` }],
    ['empty lines', { 'compose.yaml': 'services: {}', '.env': '\n'.repeat(120_000), 'go.mod': '\n'.repeat(120_000) }],
    [
      'an open variable',
      {
        'compose.yaml': `services: {db: {image: redis, ports: ['1:6379'], environment: {REDIS_PASSWORD: '\${A-${'x'.repeat(100_000)}'}}}`,
      },
    ],
    ['a port', { 'compose.yaml': `services: {db: {image: redis, ports: ['${'/1:${'.repeat(20_000)}']}}` }],
    ['calls', { 'go.mod': 'module x', 'main.go': `package main\nfunc main() {\n${'flag.Int('.repeat(100_000)}` }],
  ])('takes an expression seconds: %s', (_, contents) => {
    const started = process.cpuUsage().user;
    for (const source of sources) source.find(memoryFiles(contents), '', withCompose);
    // Time limit: CPU time of this process alone. Quadratic expressions take half a minute and more for such text.
    expect((process.cpuUsage().user - started) / 1e6).toBeLessThan(6);
  });

  test.each([
    ['TOML', readToml, '['.repeat(100_000)],
    ['JSON', readJson, '['.repeat(100_000)],
    ['YAML', readYaml, '- '.repeat(50_000)],
  ])('exceeds the stack: %s', (_, read, content) => {
    const { parsed, problem } = read(memoryFiles({ file: content }), 'file');
    expect([parsed, problem?.text]).toEqual([undefined, expect.stringMatching(/^cannot be used: /)]);
  });
});

test('each source says which files it looks for', () => {
  expect(sources.flatMap(({ fileNames }) => fileNames).toSorted()).toEqual(
    [...new Set(sources.flatMap(({ fileNames }) => fileNames))].toSorted(),
  );
});
