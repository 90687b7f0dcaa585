import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { parseConfig } from './parse-config.ts';
import { readPlainConfig } from './plain-config.ts';

/** The path of a configuration in a project with a subdirectory. */
function pathInProject(): string {
  const project = temporaryDirectory();
  mkdirSync(join(project, 'apps'));
  return join(project, '.candle.json');
}

test('reads a plain configuration', async () => {
  const path = pathInProject();
  const services = [
    { name: 'api', shell: 'npm start', root: 'apps', port: 'auto' },
    { name: 'web', shell: 'vite', port: 5173 },
  ];
  const text = JSON.stringify({ $schema: './schema.json', services }, null, 2);
  expect((await readPlainConfig(path, text))?.services).toMatchObject([
    { name: 'api', root: 'apps', port: { kind: 'auto' } },
    { name: 'web', port: { kind: 'preferred', port: 5173 } },
  ]);
  expect(await readPlainConfig(path, '{ "services": { "api": { "shell": "npm start" } } }')).toBeDefined();
});

test.each([
  '{ "services": [] // none\n}',
  '{ "services": [], }',
  '{ "services": [], "services": [] }',
  '{ "services": [{ "name": "api", "shell": "x", "shell": "y" }] }',
  '{ "services": [{ "name": "a\\u0062", "shell": "x" }] }',
  '{ "services": [{ "name": "api", "shell": "echo ${port}" }] }',
  '{ "services": [{ "name": "api", "shell": "x", "root": "../other" }] }',
  '{ "services": [{ "name": "api", "shell": "x", "port": 80 }] }',
  '{ "services": [{ "name": "api", "shell": "x", "env": {} }] }',
  '{ "services": [{ "name": "a-b", "shell": "x" }, { "name": "a_b", "shell": "x" }] }',
  '{ "services": { "2": { "shell": "x" }, "1": { "shell": "y" } } }',
  '{ "services": {}, "setup": "npm ci" }',
  '[]',
  '',
])('leaves %j to the full parser', async (text) => {
  expect(await readPlainConfig(pathInProject(), text)).toBeUndefined();
});

const odd = fc.oneof(
  fc.constantFrom<unknown>('', '..', '/', '$PORT', '${port}', '\0', null, true, 1023, 65536, 1.5, {}, []),
  fc.constantFrom('-x', ' ', 'setup', '1', '__proto__', 'constructor', 'a.PORT', 'web_ui'),
  fc.string(),
);
const mostly = (usual: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });
const names = fc.constantFrom('api', 'web', 'web-ui', 'web_ui', 'WEB', '1', 'setup', 'é', 'ü');
const fields = {
  shell: mostly(fc.constantFrom('npm start', 'echo $PORT', 'say "\\n\t"')),
  root: mostly(fc.constantFrom('.', 'apps', 'apps/../apps', 'missing')),
  port: mostly(fc.constantFrom<unknown>('auto', 1024, 5173, 65535)),
  env: odd,
  nmae: odd,
};
const { env, nmae, ...usual } = fields;
const unnamed = fc.oneof(
  { weight: 6, arbitrary: fc.record(usual, { requiredKeys: ['shell'] }) },
  { weight: 1, arbitrary: fc.record({ ...usual, env, nmae }, { requiredKeys: [] }) },
);
const service = fc.tuple(mostly(names), unnamed).map(([name, rest]) => ({ name, ...rest }));
const services = fc.oneof(
  fc.array(service, { maxLength: 2 }),
  fc.dictionary(mostly(names).map(String), unnamed, { maxKeys: 2 }),
);
const documents = fc.record({ services: mostly(services), $schema: mostly(fc.constant('x')) }, { requiredKeys: [] });
const insertions = fc.constantFrom('//\n', ',', '"', '\\', '0', '}', '\u00a0', '\t');
/** As JSON, sometimes with an insertion that may make it invalid, or mean something else. */
const texts = fc
  .tuple(documents, fc.constantFrom(0, 2), fc.option(fc.tuple(fc.nat(), insertions), { freq: 2 }))
  .map(([document, space, insertion]) => {
    const text = JSON.stringify(document, null, space);
    const at = (insertion?.[0] ?? 0) % text.length;
    return text.slice(0, at) + (insertion?.[1] ?? '') + text.slice(at);
  });

test('what it reads means the same to the full parser', async () => {
  const path = pathInProject();
  let read = 0;
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const plain = await readPlainConfig(path, text);
      if (plain === undefined) return;
      read += 1;
      expect(plain).toEqual(await parseConfig(path, text));
    }),
    { numRuns: 2_000 },
  );
  expect(read).toBeGreaterThan(100);
});
