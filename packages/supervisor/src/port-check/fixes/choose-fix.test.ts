import { describe, expect, test } from 'vitest';
import type { PortCheck } from '../port-check.ts';
import { chooseFix } from './choose-fix.ts';
import type { Clues } from './clues.ts';
import { frameworks } from './frameworks.ts';

const elsewhere: PortCheck = { port: 4000, status: 'wrong-port', listensOn: [5173], owner: null };
const told: Clues = {
  portCheck: elsewhere,
  serviceName: 'web',
  definition: { isTransient: false },
  shell: './start',
  script: undefined,
  commandLines: [],
  variables: ['PORT'],
  value: '4000',
};
const fix = (clues: Partial<Clues>) => chooseFix({ ...told, ...clues });

/** What each program needs, from the command that it is started by: a row a framework. */
const byCommand: readonly (readonly [name: string, shell: string, advice: string])[] = [
  ['Vite', 'vite', '"shell": "vite --port $PORT --strictPort"'],
  ['Vite', 'npx vite --port 5173 --host', '"shell": "npx vite --port $PORT --strictPort --host"'],
  ['Vite', 'exec vite preview --port=8080', '"shell": "exec vite preview --port $PORT --strictPort"'],
  ['Vite', 'react-router dev', '"shell": "react-router dev --port $PORT --strictPort"'],
  ['Vite', 'tsc -b && vite', 'give it --port $PORT --strictPort'],
  ['Astro', 'npx astro dev', '"shell": "npx astro dev --port $PORT"'],
  ['Angular', 'ng serve --port 4200', '"shell": "ng serve --port $PORT"'],
  ['Next.js', 'next dev -p 3000', '"shell": "next dev -p $PORT"'],
  ['Next.js', 'next dev --turbopack', '"shell": "next dev --turbopack -p $PORT"'],
  ['Nuxt', 'nuxt dev', '"shell": "nuxt dev --port $PORT"'],
  [
    'webpack-dev-server',
    'webpack serve --mode development',
    '"shell": "webpack serve --mode development --port $PORT"',
  ],
  ['Create React App', 'react-scripts start', 'unless a .env file sets another'],
  ['Vue CLI', 'vue-cli-service serve', '--port $PORT'],
  ['Gatsby', 'gatsby develop', '-p $PORT'],
  ['Docusaurus', 'docusaurus start', '--port $PORT'],
  ['Parcel', 'parcel index.html -p 1234', '"shell": "parcel index.html -p $PORT"'],
  ['esbuild', 'esbuild app.ts --bundle --serve', '"shell": "esbuild app.ts --bundle --serve=$PORT"'],
  ['Storybook', 'storybook dev -p 6006', '"shell": "storybook dev -p $PORT --exact-port"'],
  ['http-server', 'npx http-server -p 8080', '-p $PORT'],
  ['serve', 'npx serve dist -l 3000', '"shell": "npx serve dist -l $PORT"'],
  ['json-server', 'json-server db.json', '--port $PORT'],
  ['Wrangler', 'wrangler dev', '--port $PORT'],
  ['Deno', 'deno serve main.ts', '--port $PORT'],
  ['Django', 'python manage.py runserver', '"shell": "python manage.py runserver $PORT"'],
  ['Django', 'python manage.py runserver 0.0.0.0:8000', '"shell": "python manage.py runserver $PORT"'],
  ['Flask', 'flask run', '"portEnv": ["PORT", "FLASK_RUN_PORT"]'],
  ['Flask', 'flask run -p 5000', '"shell": "flask run --port $PORT"'],
  ['Uvicorn', 'uvicorn main:app --reload', '"portEnv": ["PORT", "UVICORN_PORT"]'],
  ['Uvicorn', 'uvicorn main:app --port 8000', '"shell": "uvicorn main:app --port $PORT"'],
  ['FastAPI', 'fastapi dev', '--port $PORT'],
  ['Gunicorn', 'gunicorn -b :8000 app', '"shell": "gunicorn -b 127.0.0.1:$PORT app"'],
  ['Hypercorn', 'hypercorn app', '"shell": "hypercorn app -b 127.0.0.1:$PORT"'],
  ['http.server', 'python3 -m http.server', '"shell": "python3 -m http.server $PORT"'],
  ['http.server', 'python3 -m http.server 8000 -d dist', '"shell": "python3 -m http.server $PORT -d dist"'],
  ['MkDocs', 'mkdocs serve', '-a localhost:$PORT'],
  ['Streamlit', 'streamlit run app.py', '"portEnv": ["PORT", "STREAMLIT_SERVER_PORT"]'],
  ['Rails', 'bin/rails server -p 3000', '"shell": "bin/rails server -p $PORT"'],
  ['Puma', 'bundle exec puma', '-p $PORT'],
  ['Jekyll', 'bundle exec jekyll serve', '--port $PORT'],
  ["PHP's server", 'php -S localhost:8000 -t public', '"shell": "php -S localhost:$PORT -t public"'],
  ['Laravel', 'php artisan serve', '"shell": "php artisan serve --port $PORT"'],
  ['Spring Boot', './mvnw spring-boot:run', '"portEnv": ["PORT", "SERVER_PORT"]'],
  ['Spring Boot', './gradlew bootRun', '"portEnv": ["PORT", "SERVER_PORT"]'],
  ['Quarkus', './mvnw quarkus:dev', '"portEnv": ["PORT", "QUARKUS_HTTP_PORT"]'],
  ['ASP.NET Core', 'dotnet run', '"shell": "dotnet run --urls http://localhost:$PORT"'],
  ['A Go program', 'go run ./cmd/api', 'os.Getenv("PORT")'],
  ['A Go program', 'air', 'os.Getenv("PORT")'],
  ['Hugo', 'hugo server', '--port $PORT'],
  ['Redis', 'redis-server', '"shell": "redis-server --port $PORT"'],
  ['PostgreSQL', 'postgres -D data', '"portEnv": ["PORT", "PGPORT"]'],
  ['MongoDB', 'mongod --port 27017', '"shell": "mongod --port $PORT"'],
];

test.each(byCommand)('%s, started by %s', (name, shell, advice) => {
  const told = fix({ shell });
  expect(told).toMatch(new RegExp(`^${name.replace('.', '\\.')} `));
  expect(told).toContain(advice);
});

test('no framework of the table goes without a test', () => {
  expect(new Set(byCommand.map(([name]) => name))).toEqual(new Set(frameworks.map(({ name }) => name)));
});

test.each([
  'vite build',
  'vitest',
  'next build',
  'ng test',
  'parcel build x',
  './serve-it',
  'node vite-like.js',
  'hugo',
])('%s is no server of the table', (shell) => {
  expect(fix({ shell })).toMatch(/^Its PORT is 4000, so 5173 stands in its code or configuration: /);
});

describe('a script of package.json', () => {
  const script = (text: string) => ({ manager: 'npm' as const, script: 'dev', text });

  test('gets the flag from the command that runs it', () => {
    const told = fix({ shell: 'npm run dev', script: script('vite') });
    expect(told).toBe('Vite does not read PORT: "shell": "npm run dev -- --port $PORT --strictPort"');
  });

  test('is changed itself where it names a number', () => {
    const told = fix({ shell: 'npm run dev', script: script('vite --port 3000') });
    expect(told).toBe('Vite does not read PORT: in package.json "dev": "vite --port $PORT --strictPort"');
  });

  test('that does several things is told of the flag only', () => {
    expect(fix({ shell: 'npm run dev', script: script('tsc -w & vite') })).toMatch(/: give it --port \$PORT/);
  });
});

test('a variable that the program has already is not advised again', () => {
  expect(fix({ shell: 'flask run', variables: ['PORT', 'FLASK_RUN_PORT'] })).toContain(
    '"shell": "flask run --port $PORT"',
  );
});

test('of several commands the right one is changed', () => {
  expect(fix({ shell: 'api --port 3000 & vite --port 5173' })).toContain(
    '"shell": "api --port 3000 & vite --port $PORT --strictPort"',
  );
});

test('a server that was told its number and took the next one has only to be started anew', () => {
  const slid: Partial<Clues> = { portCheck: { ...elsewhere, listensOn: [4001] }, shell: 'vite --port $PORT' };
  expect(fix({ ...slid, commandLines: ['node /x/.bin/vite --port 4000'] })).toMatch(/candle restart web$/);
  expect(fix({ ...slid, commandLines: ['node /x/.bin/vite'] })).toMatch(/^Vite /);
  expect(fix({ shell: 'vite', commandLines: ['node /x/.bin/vite --port 4000'] })).toMatch(/^Vite /);
});

test('a server that was told its number by the environment may have taken the next one, or have it in its code', () => {
  const told = fix({ portCheck: { ...elsewhere, listensOn: [4001] } });
  expect(told).toBe(
    'Its PORT is 4000. If that was taken when it started, and it took the next free one: candle restart web. If 4001 stands in its code: let it read PORT',
  );
  expect(fix({ portCheck: { ...elsewhere, listensOn: [4001] }, value: undefined })).not.toContain('restart');
});

test('what runs is recognised where the command does not tell', () => {
  const commandLines = ['node /shop/node_modules/.bin/vite', 'sh -c vite', 'npm run dev'];
  expect(fix({ shell: './scripts/dev.sh', commandLines })).toBe(
    'Vite does not read PORT: give it --port $PORT --strictPort',
  );
});

describe('PORT that does not reach the process that listens', () => {
  const lost = { value: null };

  test.each([
    [
      'turbo',
      { ...lost, commandLines: ['node server.js', 'npm run dev', '/x/node_modules/.bin/turbo run dev'] },
      '"globalPassThroughEnv": ["PORT"]',
    ],
    ['sudo', { ...lost, shell: 'sudo node server.js' }, 'sudo --preserve-env=PORT'],
    ['env', { ...lost, shell: 'exec env -i node server.js' }, 'env -i PORT="$PORT"'],
    ['env -u', { ...lost, shell: 'env -u PORT node server.js' }, 'Its command takes PORT away'],
    ['unset', { ...lost, shell: 'unset PORT; node server.js' }, 'Its command takes PORT away'],
    ['something', { ...lost, shell: './dev.sh' }, 'PORT does not reach the process that listens'],
    ['something that sets another', { value: '3000', shell: 'make dev' }, 'Its PORT is 3000 and not 4000'],
  ])('because of %s', (_, clues, advice) => {
    expect(fix(clues)).toContain(advice);
  });

  test('is what is told even of a program that is known', () => {
    expect(fix({ ...lost, shell: 'turbo run dev', commandLines: ['next-server (v16.4.6)'] })).toContain('turbo.json');
  });
});

test('a number in the code is told with the variable, when its environment could be read', () => {
  expect(fix({})).toBe(
    'Its PORT is 4000, so 5173 stands in its code or configuration: let it read PORT, or name the variable that it reads: "portEnv": "…"',
  );
  expect(fix({ value: undefined })).toBe('Let it read PORT, or name the variable that it reads: "portEnv": "…"');
  expect(fix({ variables: [], value: undefined })).toContain('No variable tells it the port');
});

describe('a run that listens on nothing', () => {
  const silent: Partial<Clues> = { portCheck: { ...elsewhere, status: 'not-listening', listensOn: [] } };

  test('may be a worker', () => {
    expect(fix({ ...silent, serviceName: 'my worker' })).toMatch(
      /"ready": false in \.candle\.json, .* candle release-ports 'my worker'$/,
    );
  });

  test('is not sent to a configuration that does not have it', () => {
    const release = 'If it never listens, give its port back: candle release-ports web';
    expect(fix({ ...silent, definition: { isTransient: true } })).toBe(release);
    expect(fix({ ...silent, definition: undefined })).toBe(release);
  });

  test('is not told to give back what its configuration would reserve again', () => {
    expect(fix({ ...silent, definition: { isTransient: false, port: { kind: 'auto' } } })).toMatch(
      /"ready": false in \.candle\.json, or take "port" out there and give it back: candle release-ports web$/,
    );
  });

  test('may have a container that publishes another port', () => {
    expect(fix({ ...silent, shell: 'docker run -p 8080:80 nginx' })).toContain('docker run -p $PORT:80');
    expect(fix({ ...silent, shell: 'docker compose up' })).toContain('ports: ["$PORT:80"]');
    expect(fix({ ...silent, shell: 'exec docker-compose up' })).toContain('ports: ["$PORT:80"]');
  });
});

describe('a port that somebody else holds', () => {
  const owner = { port: 4000, pid: 12, command: 'node', uid: 1000 };
  const held = (listensOn: readonly number[]): Partial<Clues> => ({
    portCheck: { ...elsewhere, status: 'conflict', listensOn, owner },
  });

  test('is told with who asks, and how to take another', () => {
    expect(fix(held([]))).toBe('Who that is, and another port: candle who-has 4000 && candle start web --move');
  });

  test('beside the run: which of the two answers is a matter of the address', () => {
    expect(fix(held([4000]))).toContain('candle who-has 4000');
  });

  test('while the server slid to the next one: with what makes it strict', () => {
    expect(fix({ ...held([4001]), shell: 'vite --port $PORT' })).toContain('"shell": "vite --port $PORT --strictPort"');
    expect(fix({ ...held([5173]), shell: 'vite --port $PORT' })).not.toContain('strictPort');
  });
});
