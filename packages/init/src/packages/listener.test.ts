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

test.each([
  ['const PORT = Number(process.env.API_PORT) || 3000;', 'API_PORT'],
  ["const port = process.env['HTTP_PORT'] ?? 3000;", 'HTTP_PORT'],
  ['port = os.environ.get("API_PORT", 8000)', 'API_PORT'],
  ['port := os.Getenv("SERVER_PORT")', 'SERVER_PORT'],
  ['const db = process.env.DB_PORT; const port = process.env.API_PORT;', 'API_PORT'],
  ['const port = process.env.PORT ?? process.env.API_PORT;', undefined],
  ['const { PORT } = process.env; report(process.env.METRICS_PORT);', undefined],
  ['const ports = [process.env.API_PORT, process.env.ADMIN_PORT];', undefined],
  ['connect(process.env.POSTGRES_PORT);', undefined],
])('with %s before the listener, the variable is %s', (code, variable) => {
  expect(search({ 'a.js': `${code}\napp.listen(port)` }).portVariable).toBe(variable);
});

test('the variable that only another file reads is not that of the listener', () => {
  const files = { 'a.js': "import './db.js';\napp.listen(port)", 'db.js': 'connect(process.env.QUEUE_PORT)' };
  expect(search(files)).toMatchObject({ readsPort: false, listener: { file: 'a.js' } });
  expect(search(files).portVariable).toBeUndefined();
});

test.each([
  ['process.env.HTTP_PORT', 'HTTP_PORT'],
  ['process.env.HTTP_PORT || process.env.APP_PORT', undefined],
  ['process.env.API_PORT', undefined],
  ['process.env.PORT ?? process.env.HTTP_PORT', undefined],
])('with %s in an imported file, the variable is %s', (code, variable) => {
  const files = { 'a.js': "import { port } from './config.js';\napp.listen(port)", 'config.js': `port = ${code}` };
  expect(search(files).portVariable).toBe(variable);
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
