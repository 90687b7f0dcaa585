import { expect, test } from 'vitest';
import { memoryFiles } from '../../test/memory-files.ts';
import { findPackages } from './find-packages.ts';

const listener = 'Deno.serve({ port: Number(Deno.env.get("PORT")) }, handler);';

test.each([
  [{ dev: 'deno run -A --watch main.ts' }, 'deno task dev'],
  [{ start: 'deno run -A main.ts' }, 'deno task start'],
  [{ dev: { command: 'deno run -A main.ts', dependencies: ['build'] }, build: 'x' }, 'deno task dev'],
  [{ dev: 'deno task serve', serve: 'deno run main.ts' }, 'deno task dev'],
  [{ dev: 'vite' }, 'deno task dev --port ${port} --strictPort'],
  // Deno passes options after the file to the program.
  [{ dev: 'deno serve -A --watch main.ts' }, 'deno serve --port ${port} -A --watch main.ts'],
  [{ dev: 'deno serve --port 8000 main.ts' }, 'deno serve --port ${port} main.ts'],
])('the tasks %j become %s', (tasks, shell) => {
  const files = memoryFiles({ 'deno.json': { tasks }, 'main.ts': listener });
  const { services } = findPackages(files);
  expect(services.map(({ service }) => [service.shell, service.port])).toEqual([[shell, 'auto']]);
});

test.each([
  ['Deno.serve(handler);', { DENO_SERVE_ADDRESS: 'tcp:0.0.0.0:${port}' }],
  ['Deno.serve({ port: 8080 }, handler);', { DENO_SERVE_ADDRESS: 'tcp:0.0.0.0:${port}' }],
  [listener, undefined],
])('%s gets the address %j', (code, env) => {
  const { services, advice } = findPackages(
    memoryFiles({ 'deno.json': { tasks: { dev: 'deno run -A main.ts' } }, 'main.ts': code }),
  );
  expect(services.map(({ service }) => service.env)).toEqual([env]);
  expect(advice).toEqual([]);
});

test('deno.jsonc may have comments, and its lines are those of the tasks', () => {
  const text = '{\n  // For development\n  "tasks": {\n    "dev": "deno run main.ts",\n  },\n}';
  const { services, setup } = findPackages(memoryFiles({ 'deno.jsonc': text, 'deno.lock': '', 'main.ts': listener }));
  expect(services).toMatchObject([{ from: { file: 'deno.jsonc', line: 4 }, service: { name: 'app' } }]);
  expect(setup).toBeUndefined();
});

test('the members of a workspace are found, and the dependencies installed once', () => {
  const files = memoryFiles({
    'deno.json': { workspace: ['./services/shop/api'], imports: { hono: 'npm:hono' } },
    'deno.lock': '',
    'services/shop/api/deno.json': { name: '@shop/api', tasks: { dev: 'deno run main.ts' } },
    'services/shop/api/main.ts': listener,
  });
  const { services, setup } = findPackages(files);
  expect(services.map(({ service }) => [service.name, service.root, service.shell])).toEqual([
    ['api', 'services/shop/api', 'deno task dev'],
  ]);
  expect(setup).toEqual({ run: 'deno install --frozen', inputs: ['deno.lock'] });
});

test('a package.json with scripts is used instead', () => {
  const files = memoryFiles({
    'package.json': { name: 'web', scripts: { dev: 'vite' } },
    'deno.json': { tasks: { dev: 'deno run main.ts' } },
    'api/package.json': { name: 'api' },
    'api/deno.json': { tasks: { dev: 'deno run main.ts' } },
    'api/main.ts': listener,
  });
  expect(findPackages(files).services.map(({ service }) => service.shell)).toEqual([
    'npm run dev -- --port ${port} --strictPort',
    'deno task dev',
  ]);
});

test('a broken deno.json is reported', () => {
  const { problems } = findPackages(memoryFiles({ 'deno.json': '{\n"tasks": {,}}' }));
  expect(problems).toEqual([
    { place: { file: 'deno.json', line: 2 }, text: 'cannot be used: it is not valid JSON (value expected)' },
  ]);
});
