import { expect, test } from 'vitest';
import { linesOf, withCompose, writtenIn } from '../../test/findings.ts';
import { memoryFiles } from '../../test/memory-files.ts';
import { processCompose } from './process-compose.ts';

function find(contents: Readonly<Record<string, string>>, directory = '') {
  return processCompose.find(memoryFiles(contents), directory, withCompose);
}

const stack = `
version: "0.5"
environment: ['ABC=222', 'LOG=info']
vars: { NAME: shop }
processes:
  migrate:
    command: ./migrate.sh {{.NAME}}
  api:
    command: python3 -m http.server 404{{.PC_REPLICA_NUM}}
    working_dir: ./services/api
    environment: { LOG: debug }
    depends_on:
      migrate: { condition: process_completed_successfully }
      queue: { condition: process_healthy }
    readiness_probe:
      http_get: { host: 127.0.0.1, scheme: http, path: /health, port: "4040" }
    availability: { restart: on_failure }
  queue:
    command: ./queue
    disabled: true
    is_daemon: true
    readiness_probe:
      exec: { command: "test -S queue.sock" }
    shutdown: { command: ./queue stop, signal: 2, timeout_seconds: 4, parent_only: true }
  web:
    command: node server.js
    environment: ['PORT=3000', 'API=\${API_HOST}']
    ready_log_line: listening
  log:
    command: "tail -f $\${FILE}"
    working_dir: /var/log
    is_foreground: true
`;

test('each process becomes a service with its directory, environment, dependencies and readiness', () => {
  const found = find({ 'process-compose.yaml': stack, '.env': 'A=1' });
  expect(writtenIn(found)).toEqual({
    migrate: {
      shell: './migrate.sh shop',
      port: null,
      oneshot: true,
      env: { ABC: '222', LOG: 'info' },
      envFile: '.env',
    },
    api: {
      shell: 'python3 -m http.server ${port}',
      root: 'services/api',
      port: 'auto',
      env: { ABC: '222', LOG: 'debug' },
      envFile: '.env',
      dependsOn: ['migrate', 'queue'],
      ready: { http: '/health' },
      restart: 'on-failure',
    },
    queue: {
      shell: './queue',
      port: null,
      ready: { exec: 'test -S queue.sock' },
      env: { ABC: '222', LOG: 'info' },
      envFile: '.env',
      autostart: false,
      stopCommand: './queue stop',
      stopSignal: 'SIGINT',
      stopTimeout: '4s',
      stopTarget: 'main',
    },
    web: {
      shell: 'node server.js',
      port: 'auto',
      ready: { log: 'listening' },
      env: { ABC: '222', LOG: 'info' },
      envFile: '.env',
    },
    log: {
      shell: 'cd /var/log && tail -f ${FILE}',
      port: null,
      ready: false,
      env: { ABC: '222', LOG: 'info' },
      envFile: '.env',
    },
  });
  expect(found.services.map(({ from }) => from.line)).toEqual([6, 8, 18, 25, 29]);
  expect(found.services.at(-1)).toMatchObject({ isSelected: false, unselectedBecause: 'it needs a terminal' });
  expect(linesOf(found.advice)).toEqual([
    'process-compose.yaml:27 The variable API of \'web\' refers to another variable; write its value into "env"',
  ]);
});

test('an override file changes processes and adds some', () => {
  const found = find(
    {
      'app/process-compose.yml': 'processes:\n  web: { command: vite, environment: [A=1] }\n',
      'app/process-compose.override.yml':
        'processes:\n  web: { environment: [A=2, B=3] }\n  more: { command: tsc -w }\n',
    },
    'app',
  );
  expect(writtenIn(found)).toEqual({
    web: { shell: 'vite --port ${port} --strictPort', root: 'app', port: 'auto', env: { A: '2', B: '3' } },
    more: { shell: 'tsc -w', root: 'app', port: null, ready: false },
  });
  expect(found.services.map(({ from }) => `${from.file}:${from.line}`)).toEqual([
    'app/process-compose.yml:2',
    'app/process-compose.override.yml:3',
  ]);
});

test('variables and readiness commands with the port of their process get the reserved one', () => {
  const found = find({
    'process-compose.yaml': `
processes:
  postgres:
    command: ./scripts/postgres.sh
    environment: [PGPORT=5432, PGDATA=.data]
    readiness_probe: { exec: { command: "pg_isready -h 127.0.0.1 -p 5432" } }
  redis:
    command: redis-server --port 6380
    environment: [REDIS_PORT=6380, OTHER_PORT=6379]
    readiness_probe: { exec: { command: "redis-cli -h 10.6380.0 -p 6380 ping" } }
  queue:
    command: ./queue
    environment: [BROKER_PORT=6380]
    readiness_probe: { exec: { command: "nc -z localhost 6380" } }
`,
    'scripts/postgres.sh': 'exec postgres -D data',
  });
  expect(writtenIn(found)).toEqual({
    postgres: {
      shell: './scripts/postgres.sh',
      port: 'auto',
      portEnv: 'PGPORT',
      env: { PGDATA: '.data' },
      ready: { exec: 'pg_isready -h 127.0.0.1 -p ${port}' },
    },
    redis: {
      shell: 'redis-server --port ${port}',
      port: 'auto',
      env: { REDIS_PORT: '${port}', OTHER_PORT: '6379' },
      ready: { exec: 'redis-cli -h 10.6380.0 -p ${port} ping' },
    },
    queue: {
      shell: './queue',
      port: null,
      env: { BROKER_PORT: '6380' },
      ready: { exec: 'nc -z localhost 6380' },
    },
  });
  expect(found.services.map(({ defaultPort }) => defaultPort)).toEqual([5432, 6380, undefined]);
});

test('a job never restarts', () => {
  const found = find({
    'process-compose.yaml': `
processes:
  seed: { command: ./seed, availability: { restart: always } }
  web: { command: vite, depends_on: { seed: { condition: process_completed } } }
`,
  });
  expect(writtenIn(found).seed).toEqual({ shell: './seed', port: null, oneshot: true });
});

test('anchors and merge keys are resolved', () => {
  const found = find({
    'process-compose.yaml':
      'x-base: &base\n  working_dir: api\nprocesses:\n  web:\n    <<: *base\n    command: flask run\n',
  });
  expect(writtenIn(found)).toEqual({ web: { shell: 'flask run --port ${port}', root: 'api', port: 'auto' } });
});

test('a probe of another machine becomes a URL', () => {
  const found = find({
    'process-compose.yaml':
      'processes:\n  x:\n    command: ./x\n    readiness_probe: { http_get: { host: example.com, scheme: https, path: /up } }',
  });
  expect(writtenIn(found).x?.ready).toEqual({ http: 'https://example.com/up' });
});

test('reports what cannot be used, and continues', () => {
  const found = find({
    'process-compose.yaml':
      'processes:\n  none: {}\n  list: []\n  go: { command: "x {{.PC_UNKNOWN}}" }\n  all: { command: candle up }\n  cron: { command: ./x, schedule: { cron: "* * * * *" } }\n  two: { command: ./x, replicas: 2 }\n',
  });
  expect(linesOf(found.problems)).toEqual([
    "process-compose.yaml:2 The process 'none' has no command",
    "process-compose.yaml:3 The process 'list' has no command",
  ]);
  expect(linesOf(found.ignored)).toEqual([
    "process-compose.yaml:4 The command of 'go' contains a template of process-compose",
    "process-compose.yaml:5 'all' runs candle itself",
  ]);
  expect(linesOf(found.advice)).toEqual(["process-compose.yaml:7 'two' runs once instead of 2 times"]);
  expect(found.services.map(({ isSelected }) => isSelected)).toEqual([false, true]);
});

test('reports the line of a syntax error', () => {
  expect(linesOf(find({ 'process-compose.yaml': 'processes:\n  web: {\n' }).problems)).toEqual([
    expect.stringMatching(/^process-compose\.yaml:3 cannot be used: /),
  ]);
});
