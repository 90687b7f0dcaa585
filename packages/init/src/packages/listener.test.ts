import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryFiles } from '../../test/memory-files.ts';
import { findListener, findSource } from './listener.ts';

const search = (files: Readonly<Record<string, string>>, isBun = false) =>
  findListener(memoryFiles(files), Object.keys(files)[0] ?? '', { isBun });

test.each([
  ['app.listen(3000)', 'listen'],
  ['const server = http.createServer(handler)', 'createServer'],
  ['serve({ fetch: app.fetch })', 'serve'],
  ['Deno.serve(handler)', 'Deno.serve'],
  ['new WebSocketServer({ port })', 'new WebSocketServer'],
  ['app.run(port=int(os.environ["PORT"]))', 'app.run'],
])('%s is a listener', (code, call) => {
  expect(search({ 'a.js': `\n${code}` }).listener).toEqual({ file: 'a.js', line: 2, call });
});

test.each([
  'console.log("done")',
  '// app.listen(3000)',
  '/* app.listen(3000)\n */ run()',
  'export default app;',
  'queue.process(job)',
])('%j is not a listener', (code) => {
  expect(search({ 'a.js': code }).listener).toBeUndefined();
});

test('a text that looks like a comment hides nothing', () => {
  expect(search({ 'a.js': 'glob("/*");\nglob("src/**/*.ts");\napp.listen(1)' }).listener).toMatchObject({ line: 3 });
});

test('bun serves the default export of the file that it runs', () => {
  const files = { 'a.ts': 'const app = new Hono();\nexport default app;' };
  expect(search(files, true).listener).toEqual({ file: 'a.ts', line: 2, call: 'export default' });
});

test('imports are followed, also without extensions, of directories, and in circles', () => {
  const files = {
    'src/main.ts': "import { start } from './app';\nstart();",
    'src/app/index.ts': "import config from '../config.js';\nconst x = require('../main');\nexport const start = 1;",
    'src/config.ts': 'export default { port: env.PORT };\nserver.listen(4000);',
  };
  expect(search(files)).toEqual({
    listener: { file: 'src/config.ts', line: 2, call: 'listen' },
    readsPort: true,
    fixedPort: { file: 'src/config.ts', line: 2, port: 4000 },
  });
});

test('at most 40 files are read', () => {
  const names = Array.from({ length: 60 }, (_, at) => `f${at}`);
  const files = Object.fromEntries(names.map((name, at) => [`${name}.js`, `import './f${at + 1}.js';`]));
  let reads = 0;
  const memory = memoryFiles(files);
  const read = (path: string) => {
    reads += 1;
    return memory.read(path);
  };
  findListener({ ...memory, read }, 'f0.js');
  expect(reads).toBe(40);
});

test.each([
  ['server.js', 'server.js'],
  ['./server', 'server.js'],
  ['api', 'api/index.ts'],
  ['dist/main.js', 'src/main.ts'],
  ['./build/server/index.js', 'server/index.ts'],
  ['other.js', undefined],
  ['../outside.js', undefined],
  ['.env', undefined],
])('the source of %s is %s', (path, source) => {
  const files = memoryFiles({
    'server.js': '',
    'api/index.ts': '',
    'src/main.ts': '',
    'server/index.ts': '',
    '.env': '',
  });
  expect(findSource(files, '', path)).toBe(source);
});

test('a text of 1 MiB is searched in linear time', () => {
  const begin = performance.now();
  for (const part of ['/*', '//', 'export default {', 'serve ', 'import "./', '.listen   ', '"/*/']) {
    search({ 'a.js': part.repeat(2 ** 20 / part.length) }, true);
  }
  // Time limit: a quadratic search takes minutes, and this one two seconds, of which a busy machine makes four.
  expect(performance.now() - begin).toBeLessThan(20_000);
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('/*', '*/', '//', '\n', '"', "import './a'", '.listen(', 'PORT', ' ') }),
      (text) => {
        search({ 'a.js': text });
      },
    ),
  );
});
