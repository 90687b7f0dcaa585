import { expect, test } from 'vitest';
import { isDataStoreName, runsDataStore, usesDataStore } from './data-stores.ts';
import { frameworks } from './frameworks.ts';

test.each([
  ...['database', 'db', 'postgres', 'mysql', 'mongo', 'redis', 'DB', 'shop-db', 'main.postgres', 'redis2', 'pg-16'],
  ...['events_kafka', 'mqtt', 'message-broker'],
])('%s is the name of a database or broker', (name) => {
  expect(isDataStoreName(name)).toBe(true);
});

test.each(['web', 'api', 'mongo-express', 'db-admin', 'dbt', 'redistribute', 'cache', '2', '日本', ''])(
  '%s is not the name of a database or broker',
  (name) => {
    expect(isDataStoreName(name)).toBe(false);
  },
);

test.each([
  'redis-server --port $PORT',
  'exec valkey-server',
  'PGDATA=data exec /usr/lib/postgresql/17/bin/postgres -p "$PORT" 2>&1',
  'mkdir -p data && mongod --dbpath data > mongo.log',
  'mysqld --port=$PORT',
  'nats-server -p $PORT',
  'docker run --rm -p $PORT:5432 -e POSTGRES_PASSWORD=dev postgres',
  'docker run -it --name cache -p5000:6379 docker.io/library/redis:7-alpine redis-server --save ""',
  'sudo docker run --env "A=b c" mcr.microsoft.com/mssql/server:2022-latest',
  'podman run timescale/timescaledb-ha@sha256:0f3a',
  'docker compose up db',
  'docker compose -f dev.yaml up --no-deps postgres',
  'docker-compose up -d redis && docker-compose logs -f redis',
])('%s runs a database or broker', (shell) => {
  expect(runsDataStore(shell)).toBe(true);
});

test.each([
  'npm run dev',
  'redis-server --daemonize yes && npm run dev',
  'node postgres.js',
  './scripts/postgres.sh',
  'postgres-exporter --port 9187',
  'psql -h localhost',
  'docker run --name postgres -p $PORT:80 nginx',
  'docker run -e DB=redis elasticsearch:8',
  'docker run adminer',
  'docker compose up',
  'docker compose up web',
  'docker ps',
  'docker run',
  '',
])('%s does not run a database or broker', (shell) => {
  expect(runsDataStore(shell)).toBe(false);
});

test.each([
  'pg_isready -p $PORT',
  'PGPASSWORD=x /usr/lib/postgresql/17/bin/psql -c "select 1"',
  'redis-cli -p $PORT ping | grep -q PONG',
  'docker compose exec -T db pg_isready',
  'sudo docker exec shop-db mysqladmin ping',
])('%s runs a client of a database or broker', (shell) => {
  expect(usesDataStore(shell)).toBe(true);
});

test.each([
  'curl -f localhost:$PORT/health',
  'test -e psql',
  'node check.js mysql',
  'docker run mysql',
  'nc -z ::1 80',
  '',
])('%s does not run a client of a database or broker', (shell) => {
  expect(usesDataStore(shell)).toBe(false);
});

test('no program is in the table of frameworks twice', () => {
  const names = frameworks.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
