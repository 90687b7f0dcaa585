import { expect, test } from 'vitest';
import { programIn } from './program-in.ts';

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
