import { expect, test } from 'vitest';
import { programIn, scriptCallIn, scriptTextIn, withArguments } from './command-line.ts';

test.each([
  ['npm run dev', 'npm', 'dev', 'npm run dev -- --port 1'],
  ['npm run dev -- --host', 'npm', 'dev', 'npm run dev -- --host --port 1'],
  ['exec npm start', 'npm', 'start', 'exec npm start -- --port 1'],
  ['pnpm run dev:web', 'pnpm', 'dev:web', 'pnpm run dev:web --port 1'],
  ['pnpm dev', 'pnpm', 'dev', 'pnpm dev --port 1'],
  ['yarn dev', 'yarn', 'dev', 'yarn dev --port 1'],
  ['bun run dev', 'bun', 'dev', 'bun run dev --port 1'],
])('%s runs a script and can pass arguments to it', (shell, manager, script, withMore) => {
  const call = scriptCallIn(shell);
  expect(call).toEqual({ manager, script });
  expect(call && withArguments(shell, call.manager, '--port 1')).toBe(withMore);
});

test.each([
  'npm run build && npm run dev',
  'npm ci; npm start',
  'npx vite',
  'npm exec vite',
  'pnpm exec vite',
  'pnpm --filter web dev',
  'npm --prefix web run dev',
  'node server.js',
])('%s does not clearly run a single script', (shell) => {
  expect(scriptCallIn(shell)).toBeUndefined();
});

test('reads the text of a script from package.json, even if the file is malformed', () => {
  expect(scriptTextIn('{"scripts":{"dev":"vite"}}', 'dev')).toBe('vite');
  for (const other of ['{"scripts":{"dev":1}}', '{"scripts":{}}', '{}', 'null', '{', '[]', '']) {
    expect(scriptTextIn(other, 'dev'), other).toBeUndefined();
  }
});

test.each([
  ['vite', 'vite'],
  ['node /shop/node_modules/.bin/vite --host', 'vite --host'],
  ['/usr/bin/node --enable-source-maps /shop/node_modules/vite/bin/vite.js', 'vite'],
  ['node /shop/node_modules/some-server/dist/cli.js --port 1', 'some-server --port 1'],
  ['node /shop/node_modules/@angular/cli/bin/ng serve', 'ng serve'],
  ['sh -c NODE_ENV=development next dev -p 3000', 'next dev -p 3000'],
  ['exec npx --yes astro dev', 'astro dev'],
  ['python3 -m http.server 8000', 'http.server 8000'],
  ['/shop/.venv/bin/python3.12 /shop/.venv/bin/flask run', 'flask run'],
  ['uv run uvicorn main:app', 'uvicorn main:app'],
  ['python manage.py runserver 0.0.0.0:8000', 'manage.py runserver 0.0.0.0:8000'],
  ['/usr/bin/ruby bin/rails server', 'rails server'],
  ['php -S localhost:8000 -t public', 'php -S localhost:8000 -t public'],
  ['/usr/bin/php artisan serve', 'artisan serve'],
  ['next-server (v16.4.6)', 'next-server (v16.4.6)'],
  ['npm run dev', 'dev'],
  ['npm run', 'run'],
  ['', ''],
])('%s runs %s', (commandLine, program) => {
  expect(programIn(commandLine)).toBe(program);
});
