import { renderHint } from '@candle/core/errors';
import { frameworks } from '@candle/core/programs';
import { describe, expect, test } from 'vitest';
import type { ReservedPortCheck } from '../port-check.ts';
import { type Clues, chooseFix } from './choose-fix.ts';

const wrongPort: ReservedPortCheck = { port: 4000, status: 'wrong-port', listensOn: [5173], owner: null };
const clues: Clues = {
  portCheck: wrongPort,
  serviceName: 'web',
  definition: { isTransient: false },
  shell: './start',
  script: undefined,
  commandLines: [],
  variables: ['PORT'],
  value: '4000',
};
const fix = (changes: Partial<Clues>) => renderHint(chooseFix({ ...clues, ...changes }));

/** The fix for each framework, derived from the command that starts it. One or more rows per framework. */
const byCommand: readonly (readonly [name: string, shell: string, advice: string])[] = [
  ['Vite', 'vite', '"shell": "vite --port $PORT --strictPort"'],
  ['Vite', 'npx vite --port 5173 --host', '"shell": "npx vite --port $PORT --strictPort --host"'],
  ['Vite', 'exec vite preview --port=8080', '"shell": "exec vite preview --port $PORT --strictPort"'],
  ['Vite', 'react-router dev', '"shell": "react-router dev --port $PORT --strictPort"'],
  ['Vite', 'tsc -b && vite', 'pass --port $PORT --strictPort'],
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
  ['Deno', 'deno serve main.ts', '"shell": "deno serve --port $PORT main.ts"'],
  ['Rsbuild', 'rsbuild dev', '"shell": "rsbuild dev --port $PORT"'],
  ['Rspack', 'rspack serve', '"shell": "rspack serve --port $PORT"'],
  ['Vinxi', 'vinxi dev --port 3000', '"shell": "vinxi dev --port $PORT"'],
  ['Nitro', 'nitro dev', '"shell": "nitro dev --port $PORT"'],
  ['Eleventy', 'eleventy --serve', '"shell": "eleventy --serve --port=$PORT"'],
  ['VitePress', 'vitepress dev docs', '"shell": "vitepress dev docs --port $PORT"'],
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
  ['MySQL', 'mysqld --port=3306', '"shell": "mysqld --port=$PORT"'],
  ['SQL Server', 'sqlservr', '"portEnv": ["PORT", "MSSQL_TCP_PORT"]'],
  ['CockroachDB', 'cockroach start-single-node --insecure', '--listen-addr=localhost:$PORT'],
  ['Cassandra', 'cassandra -f', 'reads its port from its configuration'],
  ['Memcached', 'memcached -p 11211', '"shell": "memcached -p $PORT"'],
  ['RabbitMQ', 'rabbitmq-server', '"portEnv": ["PORT", "RABBITMQ_NODE_PORT"]'],
  ['Kafka', 'kafka-server-start.sh server.properties', 'reads its port from its configuration'],
  ['NATS', 'nats-server', '"shell": "nats-server -p $PORT"'],
  ['Mosquitto', 'mosquitto -p 1883', '"shell": "mosquitto -p $PORT"'],
];

test.each(byCommand)('recognises %s in %s', (name, shell, advice) => {
  const message = fix({ shell });
  expect(message).toMatch(new RegExp(`^${name.replace('.', '\\.')} `));
  expect(message).toContain(advice);
});

test('every framework in the table has a test', () => {
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
])('%s is not recognised as a server of a framework', (shell) => {
  expect(fix({ shell })).toMatch(/^PORT is 4000, so 5173 is set in its code or configuration: /);
});

describe('a script of package.json', () => {
  const script = (text: string) => ({ manager: 'npm' as const, script: 'dev', text });

  test('gets the flag from the command that runs it', () => {
    const message = fix({ shell: 'npm run dev', script: script('vite') });
    expect(message).toBe('Vite does not read PORT: "shell": "npm run dev -- --port $PORT --strictPort"');
  });

  test('is itself changed if it contains a port', () => {
    const message = fix({ shell: 'npm run dev', script: script('vite --port 3000') });
    expect(message).toBe('Vite does not read PORT: in package.json "dev": "vite --port $PORT --strictPort"');
  });

  test('with several commands only gets the flag as advice', () => {
    expect(fix({ shell: 'npm run dev', script: script('tsc -w & vite') })).toMatch(/: pass --port \$PORT/);
  });
});

test('does not suggest a variable that the program already has', () => {
  expect(fix({ shell: 'flask run', variables: ['PORT', 'FLASK_RUN_PORT'] })).toContain(
    '"shell": "flask run --port $PORT"',
  );
});

test('changes the right one of several commands', () => {
  expect(fix({ shell: 'api --port 3000 & vite --port 5173' })).toContain(
    '"shell": "api --port 3000 & vite --port $PORT --strictPort"',
  );
});

test('a server that was given its port but took the next one only needs a restart', () => {
  const slid: Partial<Clues> = { portCheck: { ...wrongPort, listensOn: [4001] }, shell: 'vite --port $PORT' };
  expect(fix({ ...slid, commandLines: ['node /x/.bin/vite --port 4000'] })).toMatch(/candle restart web$/);
  expect(fix({ ...slid, commandLines: ['node /x/.bin/vite'] })).toMatch(/^Vite /);
  expect(fix({ shell: 'vite', commandLines: ['node /x/.bin/vite --port 4000'] })).toMatch(/^Vite /);
});

test('a server that got its port from the environment may have taken the next one, or have it in its code', () => {
  const message = fix({ portCheck: { ...wrongPort, listensOn: [4001] } });
  expect(message).toBe(
    'PORT is 4000. If 4000 was in use at startup and it took the next free port: candle restart web. If 4001 is set in its code: make it read PORT',
  );
  expect(fix({ portCheck: { ...wrongPort, listensOn: [4001] }, value: undefined })).not.toContain(
    'took the next free port',
  );
});

test('recognises the program from the running processes if the command does not show it', () => {
  const commandLines = ['node /shop/node_modules/.bin/vite', 'sh -c vite', 'npm run dev'];
  expect(fix({ shell: './scripts/dev.sh', commandLines })).toBe(
    'Vite does not read PORT: pass --port $PORT --strictPort',
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
    ['env -u', { ...lost, shell: 'env -u PORT node server.js' }, 'Its command unsets PORT'],
    ['unset', { ...lost, shell: 'unset PORT; node server.js' }, 'Its command unsets PORT'],
    ['an unknown program', { ...lost, shell: './dev.sh' }, 'PORT does not reach the process that listens'],
    ['an unknown program that sets another value', { value: '3000', shell: 'make dev' }, 'PORT is 3000, not 4000'],
  ])('because of %s', (_, clues, advice) => {
    expect(fix(clues)).toContain(advice);
  });

  test('is reported even for a known program', () => {
    expect(fix({ ...lost, shell: 'turbo run dev', commandLines: ['next-server (v16.4.6)'] })).toContain('turbo.json');
  });
});

test('reports a port in the code together with the variable, if the environment could be read', () => {
  expect(fix({})).toBe(
    'PORT is 4000, so 5173 is set in its code or configuration: make it read PORT, or set "portEnv" to the variable that it reads\nIf it always listens on 5173, set "port": 5173 in .candle.json: candle release-ports web && candle restart web',
  );
  expect(fix({ value: undefined })).toMatch(/^Make it read PORT, or set "portEnv" to the variable that it reads\n/);
  expect(fix({ definition: { isTransient: true } })).toMatch(
    /\nIf it always listens on 5173: candle release-ports web && candle start web --shell \.\/start --port 5173$/,
  );
  expect(fix({ variables: [], value: undefined })).toContain('No variable passes the port to it');
});

describe('a run that does not listen on any port', () => {
  const notListening: Partial<Clues> = { portCheck: { ...wrongPort, status: 'not-listening', listensOn: [] } };

  test('may be a worker', () => {
    expect(fix({ ...notListening, serviceName: 'my worker' })).toMatch(
      /"ready": false in \.candle\.json, .* candle release-ports 'my worker'$/,
    );
  });

  test('is not referred to a configuration that does not contain it', () => {
    const release = 'If it never listens, release its port: candle release-ports web';
    expect(fix({ ...notListening, definition: { isTransient: true } })).toBe(release);
    expect(fix({ ...notListening, definition: undefined })).toBe(release);
  });

  test('is told to remove a configured port, which would be reserved again', () => {
    expect(fix({ ...notListening, definition: { isTransient: false, port: { kind: 'auto' } } })).toMatch(
      /"ready": false in \.candle\.json, or remove "port" there and release the port: candle release-ports web$/,
    );
  });

  test('may have a container that publishes another port', () => {
    expect(fix({ ...notListening, shell: 'docker run -p 8080:80 nginx' })).toContain('docker run -p $PORT:80');
    expect(fix({ ...notListening, shell: 'docker compose up' })).toContain('ports: ["$PORT:80"]');
    expect(fix({ ...notListening, shell: 'exec docker-compose up' })).toContain('ports: ["$PORT:80"]');
  });
});

describe('a port that another process uses', () => {
  const owner = { port: 4000, pid: 12, command: 'node', uid: 1000 };
  const conflict = (listensOn: readonly number[]): Partial<Clues> => ({
    portCheck: { ...wrongPort, status: 'conflict', listensOn, owner },
  });

  test('is reported with commands to identify that process and to take another port', () => {
    expect(fix(conflict([]))).toBe(
      'To identify that process and take another port: candle who-has 4000 && candle start web --move',
    );
  });

  test('alongside the run leads to who-has: which process answers depends on the address', () => {
    expect(fix(conflict([4000]))).toContain('candle who-has 4000');
  });

  test('while the server took the next port is reported with the flag that makes it strict', () => {
    expect(fix({ ...conflict([4001]), shell: 'vite --port $PORT' })).toContain(
      '"shell": "vite --port $PORT --strictPort"',
    );
    expect(fix({ ...conflict([5173]), shell: 'vite --port $PORT' })).not.toContain('strictPort');
  });
});
