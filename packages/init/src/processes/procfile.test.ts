import { expect, test } from 'vitest';
import { linesOf, withCompose, writtenIn } from '../../test/findings.ts';
import { memoryFiles } from '../../test/memory-files.ts';
import { procfile } from './procfile.ts';

function find(contents: Parameters<typeof memoryFiles>[0], directory = '') {
  return procfile.find(memoryFiles(contents), directory, withCompose);
}

const worker = { port: null, ready: false };

test('a Procfile.dev of Rails becomes a server and two workers', () => {
  const found = find({
    'Procfile.dev':
      'web: bin/rails server -p 5000\ncss: bin/rails tailwindcss:watch\nworker: bundle exec sidekiq -C x.yml\n',
    Procfile: 'web: bundle exec puma',
  });
  expect(writtenIn(found)).toEqual({
    web: { shell: 'bin/rails server -p ${port}', port: 'auto' },
    css: { shell: 'bin/rails tailwindcss:watch', ...worker },
    worker: { shell: 'bundle exec sidekiq -C x.yml', ...worker },
  });
  expect(found.services.map(({ from }) => from.line)).toEqual([1, 2, 3]);
  expect(found.services.every(({ isSelected, guess }) => isSelected && guess === undefined)).toBe(true);
});

test('a Procfile is used without a Procfile.dev, with .env, and with the processes of Procfile.local', () => {
  const found = find(
    {
      'api/Procfile': 'release: ./manage.py migrate\nweb: gunicorn shop.wsgi\nclock: clockwork clock.rb\n',
      'api/Procfile.local': 'web: python manage.py runserver 0.0.0.0:8000\n',
      'api/.env': 'DEBUG=1',
    },
    'api',
  );
  expect(writtenIn(found)).toEqual({
    web: { shell: 'python manage.py runserver ${port}', root: 'api', port: 'auto', envFile: 'api/.env' },
    clock: { shell: 'clockwork clock.rb', root: 'api', ...worker, envFile: 'api/.env' },
  });
  expect(linesOf(found.ignored)).toEqual(["api/Procfile:1 'release' runs only after a deployment"]);
});

test.each([
  ['bin/rails server -p $PORT', 'bin/rails server -p ${port}'],
  ['bin/rails s -p ${PORT:-3000} -e $RAILS_ENV', 'bin/rails s -p ${port} -e $RAILS_ENV'],
  ['bin/rails server -p ${PORT:-5000} && rails db:migrate', 'bin/rails server -p ${port} && rails db:migrate'],
  ['env RUBY_DEBUG_OPEN=true bin/rails server', 'env RUBY_DEBUG_OPEN=true bin/rails server -p ${port}'],
  ['bundle install && bin/rails server', 'bundle install && bin/rails server -p ${port}'],
  ['PORT=3000 bin/rails server', 'PORT=${port} bin/rails server -p ${port}'],
  ["sh -c 'bin/rails s -p 3000'", "sh -c 'bin/rails s -p ${port}'"],
  ['gunicorn shop.wsgi', 'gunicorn shop.wsgi -b 127.0.0.1:${port}'],
  ['gunicorn shop.wsgi -b 0.0.0.0:$PORT', 'gunicorn shop.wsgi -b 127.0.0.1:${port}'],
  ['python manage.py runserver', 'python manage.py runserver ${port}'],
  ['python manage.py runserver 0.0.0.0:$PORT', 'python manage.py runserver 0.0.0.0:${port}'],
  ['uvicorn app.main:app --reload --port 8000', 'uvicorn app.main:app --reload --port ${port}'],
  ['npx vite', 'npx vite --port ${port} --strictPort'],
  ['vite --port $PORT', 'vite --port ${port} --strictPort'],
  ['java -Dserver.port=$PORT -jar app.jar', 'java -Dserver.port=${port} -jar app.jar'],
  ['php artisan serve', 'php artisan serve --port ${port}'],
  ['./server --port 8080', './server --port ${port}'],
  ['./server', './server'],
  ['docker run --rm -p 8080:80 nginx', 'docker run --rm -p ${port}:80 nginx'],
  ['docker run -d -p127.0.0.1:8080:80 -p 81:81 nginx', 'docker run -d -p127.0.0.1:${port}:80 -p 81:81 nginx'],
])('web: %s serves on the reserved port', (shell, fitted) => {
  expect(writtenIn(find({ Procfile: `web: ${shell}` }))).toEqual({ web: { shell: fitted, port: 'auto' } });
});

test.each([
  'tailwindcss -i app.css -o out.css --watch',
  'npx tailwindcss -i app.css -o out.css -w',
  'yarn build --watch',
  'npx esbuild app.js --bundle --watch',
  'bin/rails dartsass:watch',
  'bin/jobs',
  'bundle exec rake jobs:work',
  'celery -A shop worker',
  'php artisan queue:work',
  'tsc -p . --watch',
])('%s is a worker, and no guess', (shell) => {
  const found = find({ Procfile: `assets: ${shell}` });
  expect(writtenIn(found)).toEqual({ assets: { shell, ...worker } });
  expect(found.services[0]?.guess).toBe(undefined);
});

test('esbuild serves if it has a port to serve on', () => {
  expect(writtenIn(find({ Procfile: 'js: esbuild app.js --serve=8000 --watch' })).js).toMatchObject({
    shell: 'esbuild app.js --serve=${port} --watch',
    port: 'auto',
  });
});

test('the command of a package.json script decides', () => {
  const scripts = {
    dev: 'vite',
    'build:css': 'tailwindcss -o x.css',
    start: 'next start -p $PORT',
    again: 'npm run dev',
  };
  const found = find({
    'Procfile.dev': 'js: npm run dev\ncss: yarn build:css --watch\nsite: npm start\nloop: pnpm again',
    'package.json': JSON.stringify({ scripts }),
  });
  expect(writtenIn(found)).toEqual({
    js: { shell: 'npm run dev -- --port ${port} --strictPort', port: 'auto' },
    css: { shell: 'yarn build:css --watch', ...worker },
    site: { shell: 'npm start', port: 'auto' },
    loop: { shell: 'pnpm again --port ${port} --strictPort', port: 'auto' },
  });
});

test('other commands are guessed from the file that they run, and from their name', () => {
  const found = find({
    Procfile:
      'a: node a.js\nb: ruby b.rb\nc: node lib\nd: python -m shop.mail\napi: ./run\nother: ./run\ncss: ./run --watch',
    'a.js': 'http.createServer(f).listen(process.env.PORT)',
    'b.rb': "require 'sinatra'",
    'lib/index.js': 'setInterval(() => {}, 1000)',
    'shop/mail.py': 'PORT = 25\nserver.serve_forever()',
  });
  expect(found.services.map(({ service, guess }) => [service.name, service.port, guess])).toEqual([
    ['a', 'auto', 'a.js:1 contains "createServer"'],
    ['b', 'auto', 'b.rb:1 contains "require \'sinatra", but nothing reads PORT'],
    ['c', null, 'nothing in lib/index.js listens on a port'],
    ['d', 'auto', 'shop/mail.py:2 contains "serve_forever"'],
    ['api', 'auto', 'it is named api'],
    ['other', null, 'its command does not show that it opens a port'],
    ['css', null, 'its command does not show that it opens a port'],
  ]);
});

test('programs for a terminal and tests are offered, but not selected', () => {
  const found = find({ Procfile: 'log: htop\ntest: npx vitest\nconsole: bin/rails console' });
  expect(found.services.map(({ isSelected, unselectedBecause }) => [isSelected, unselectedBecause])).toEqual([
    [false, 'it needs a terminal'],
    [false, 'it runs tests'],
    [false, 'it needs a terminal'],
  ]);
});

test.each([
  'candle start',
  'npx candle up web',
  'bundle install; exec candle up',
  'npx @candle/cli start',
  'concurrently "candle start" "x"',
])('%s is never a service', (shell) => {
  const found = find({ Procfile: `all: ${shell}` });
  expect(found.services).toEqual([]);
  expect(linesOf(found.ignored)).toEqual(["Procfile:1 'all' runs candle itself"]);
});

test('reports each broken line, and uses the others', () => {
  const found = find({
    Procfile: '\uFEFF# comment\r\nweb: ./web\r\n\r\nno command\r\nempty:\r\n-x: y\r\nweb: ./other\r\n',
  });
  expect(writtenIn(found)).toEqual({ web: { shell: './web', port: 'auto' } });
  expect(linesOf(found.problems)).toEqual([
    "Procfile:4 This line is not of the form 'name: command'",
    "Procfile:5 This line is not of the form 'name: command'",
    "Procfile:6 This line is not of the form 'name: command'",
    "Procfile:7 The process 'web' is defined twice; the first one is used",
  ]);
});

test('reports a file that cannot be read', () => {
  expect(linesOf(find({ Procfile: new Error('cannot be read: permission denied') }).problems)).toEqual([
    'Procfile cannot be read: permission denied',
  ]);
});

test('leaves to the shell what looks like a template of Candle', () => {
  expect(writtenIn(find({ Procfile: 'job: port=1; echo ${port} ${env.A} ${HOME}' })).job?.shell).toBe(
    'port=1; echo $${port} $${env.A} ${HOME}',
  );
});

const monorepo = {
  'package.json': { workspaces: ['apps/*'], scripts: { dev: 'turbo run dev', web: 'yarn workspace web dev' } },
  'apps/web/package.json': { name: 'web', scripts: { dev: 'PORT=${WEB_PORT:-8000} next dev' } },
  'apps/api/package.json': { name: '@shop/api', scripts: { dev: 'tsx watch src/index.ts' } },
  'apps/api/src/index.ts': 'serve({ fetch, port: Number(process.env.API_PORT) || 3000 });',
  'apps/queue/package.json': { name: 'queue', scripts: { dev: 'node queue.js' } },
  'apps/queue/queue.js': 'setInterval(work, 1000)',
  'client/package.json': { scripts: { start: 'vite', watch: 'tsc --watch' } },
};

test.each([
  ['yarn workspace web dev', { shell: 'yarn workspace web dev -p ${port}', port: 'auto' }],
  ['npm run dev -w web', { shell: 'npm run dev -w web -- -p ${port}', port: 'auto' }],
  ['yarn web', { shell: 'yarn web -p ${port}', port: 'auto' }],
  ['cd client && npm start', { shell: 'npm start -- --port ${port} --strictPort', root: 'client', port: 'auto' }],
  [
    'NODE_ENV=x npm start --prefix client',
    { shell: 'NODE_ENV=x npm start --prefix client -- --port ${port} --strictPort' },
  ],
  ['exec pnpm -C client start', { shell: 'exec pnpm -C client start --port ${port} --strictPort', port: 'auto' }],
  ['pnpm --filter @shop/api dev', { shell: 'pnpm --filter @shop/api dev', port: 'auto', portEnv: 'API_PORT' }],
  ['pnpm --filter queue dev', { shell: 'pnpm --filter queue dev', port: null, ready: false }],
  ['cd client && yarn watch', { shell: 'yarn watch', root: 'client', port: null, ready: false }],
  ['cd client && npm start | tee log', { shell: 'npm start | tee log', root: 'client', port: null }],
])('%s is judged by the script of the other package', (command, written) => {
  const found = find({ ...monorepo, 'Procfile.dev': `x: ${command}\n` });
  expect(writtenIn(found).x).toMatchObject(written);
});

test('a directory that the command enters becomes the root', () => {
  const found = find({
    Procfile: `api: cd backend && .venv/bin/python manage.py runserver 8000
none: cd none && vite
two: cd backend && ./a 2>&1 & ./b
one: cd backend && ./a 2>&1 && ./b
`,
    'backend/manage.py': '',
  });
  expect(writtenIn(found)).toEqual({
    api: { shell: '.venv/bin/python manage.py runserver ${port}', root: 'backend', port: 'auto' },
    none: { shell: 'cd none && vite --port ${port} --strictPort', port: 'auto' },
    two: { shell: 'cd backend && ./a 2>&1 & ./b', ...worker },
    one: { shell: './a 2>&1 && ./b', root: 'backend', ...worker },
  });
});

test('a monitor of workers serves, but the workers do not', () => {
  const found = find({ Procfile: 'celery: celery -A shop worker\nflower: celery -A shop flower --port=5555\n' });
  expect(writtenIn(found)).toEqual({
    celery: { shell: 'celery -A shop worker', ...worker },
    flower: { shell: 'celery -A shop flower --port=${port}', port: 'auto' },
  });
});

test('the usual port of a service is that of the script in the other package', () => {
  const found = find({ ...monorepo, Procfile: 'api: pnpm --filter @shop/api dev\n' });
  expect(found.services[0]?.defaultPort).toBe(3000);
});
