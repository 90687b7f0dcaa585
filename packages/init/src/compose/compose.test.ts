import { expect, test } from 'vitest';
import { linesOf, withCompose, withoutCompose, writtenIn } from '../../test/findings.ts';
import { memoryFiles } from '../../test/memory-files.ts';
import { compose } from './compose.ts';

function find(contents: Readonly<Record<string, string>>, directory = '', context = withCompose) {
  return compose.find(memoryFiles(contents), directory, context);
}

/** A service with these lines. */
function service(...lines: readonly string[]): string {
  return ['services:', '  db:', ...lines.map((line) => `    ${line}`)].join('\n');
}

const stack = `
services:
  api:
    build: .
    ports: ["8000:8000"]
    depends_on: [db]
  db:
    image: postgres:18
    environment:
      POSTGRES_USER: dev
      POSTGRES_PASSWORD: s3cret@
      POSTGRES_DB: shop
    ports:
      - "\${DB_PORT:-5432}:5432"
  cache:
    image: redis
    ports: ["127.0.0.1:6379:6379"]
    depends_on: [db]
`;

test('services with an image are started by docker compose, and those with build are listed', () => {
  const found = find({ 'compose.yaml': stack });
  expect(writtenIn(found)).toEqual({
    db: {
      shell: 'docker compose up db',
      port: 'auto',
      portEnv: 'DB_PORT',
      url: 'postgres://dev:s3cret%40@localhost:${port}/shop',
      stopCommand: 'docker compose stop db',
    },
    cache: {
      shell: 'docker compose up --no-deps cache',
      port: 6379,
      strictPort: true,
      url: 'redis://localhost:${port}',
      stopCommand: 'docker compose stop cache',
      dependsOn: ['db'],
    },
  });
  expect(linesOf(found.ignored)).toEqual([
    "compose.yaml:3 'api' is built from this project, and its programs are found in other files",
  ]);
  expect(linesOf(found.advice)).toEqual([
    'compose.yaml:17 Port 6379 of \'cache\' is the same in every checkout; write "127.0.0.1:${CACHE_PORT:-6379}:6379" here, and "port": "auto", "portEnv": "CACHE_PORT" in .candle.json, so that a second checkout can run',
  ]);
  expect(found.services.map(({ from }) => from.line)).toEqual([7, 15]);
});

test('without docker compose, their ports are reserved', () => {
  const found = find({ 'compose.yaml': stack }, '', withoutCompose);
  expect(found.services).toEqual([]);
  expect(found.ports).toEqual([
    {
      name: 'db',
      defaultPort: 5432,
      port: { port: 'auto', portEnv: 'DB_PORT', url: 'postgres://dev:s3cret%40@localhost:${port}/shop' },
      from: { file: 'compose.yaml', line: 14 },
    },
    {
      name: 'cache',
      port: { port: 6379, strictPort: true, url: 'redis://localhost:${port}' },
      from: { file: 'compose.yaml', line: 17 },
    },
  ]);
});

test.each([
  ['"5432:5432"', { port: 5432, strictPort: true }, '"${DB_PORT:-5432}:5432"'],
  ['5433:5432', { port: 5433, strictPort: true }, '"${DB_PORT:-5433}:5432"'],
  ['"0.0.0.0:5432:5432/tcp"', { port: 5432, strictPort: true }, '"0.0.0.0:${DB_PORT:-5432}:5432"'],
  ['"[::1]:5432:5432"', { port: 5432, strictPort: true }, '"[::1]:${DB_PORT:-5432}:5432"'],
  ['"$DB:5432"', { port: 'auto', portEnv: 'DB' }, undefined],
  ['"${DB-5432}:5432"', { port: 'auto', portEnv: 'DB' }, undefined],
  ['"${DB:?set DB}:5432"', { port: 'auto', portEnv: 'DB' }, undefined],
  ['"${BIND:-127.0.0.1}:${DB:-5432}:5432"', { port: 'auto', portEnv: 'DB' }, undefined],
  ['"${PORT:-5432}:5432"', { port: 'auto' }, undefined],
  ['"3000-3005:3000-3005"', { port: 3000, strictPort: true }, 'publish single ports with variables'],
  ['"443:443"', { port: null, ready: { port: 443 } }, '"${DB_PORT:-443}:443"'],
  ['"80"', { port: null, ready: false }, '"${DB_PORT:-80}:80"'],
  ['8080', { port: null, ready: false }, '"${DB_PORT:-8080}:8080"'],
  [
    '{ target: 5432, published: "5432", host_ip: 127.0.0.1 }',
    { port: 5432, strictPort: true },
    'published: "${DB_PORT:-5432}"',
  ],
  ['{ target: 5432, published: "${DB:-5432}", protocol: tcp }', { port: 'auto', portEnv: 'DB' }, undefined],
  ['{ target: 5432 }', { port: null, ready: false }, 'published: "${DB_PORT:-5432}"'],
])('the published port %s', (written, expected, advice) => {
  const found = find({ 'compose.yaml': service('image: x', 'ports:', `  - ${written}`) });
  const { port, portEnv, strictPort, ready } = writtenIn(found).db ?? {};
  expect(JSON.parse(JSON.stringify({ port, portEnv, strictPort, ready }))).toEqual(expected);
  expect(linesOf(found.advice)).toEqual(advice === undefined ? [] : [expect.stringContaining(advice)]);
  expect(found.advice.every(({ place }) => place.line === 5)).toBe(true);
});

test('ports of other protocols are not reserved, and a port that cannot be understood is reported', () => {
  const found = find({
    'compose.yaml': service('image: x', 'ports: ["53:53/udp", {target: 1, protocol: udp}, "a:b:c:d", 99999:1]'),
  });
  expect(writtenIn(found).db).toMatchObject({ port: null, ready: false });
  expect(found.services[0]?.unselectedBecause).toBe('it publishes no port');
  expect(linesOf(found.problems)).toEqual([
    "compose.yaml:4 This port of 'db' cannot be understood",
    "compose.yaml:4 This port of 'db' cannot be understood",
  ]);
});

test('the port that clients use comes first, and further ports get variables or advice', () => {
  const written = service(
    'image: rabbitmq:4-management',
    'ports: ["15672:15672", "${UI:-9090}:9090", "${MQ:-5672}:5672"]',
  );
  const found = find({ 'compose.yaml': written });
  expect(writtenIn(found).db).toMatchObject({
    port: 'auto',
    portEnv: 'MQ',
    ports: { UI: 'auto' },
    url: 'amqp://guest:guest@localhost:${port}',
  });
  expect(linesOf(found.advice)).toEqual([expect.stringContaining('"${DB_15672_PORT:-15672}:15672"')]);
  expect(
    find({ 'compose.yaml': written }, '', withoutCompose).ports.map(({ name, port }) => [name, port.port]),
  ).toEqual([
    ['db', 'auto'],
    ['db-15672', 15672],
    ['db-9090', 'auto'],
  ]);
});

test.each([
  [['image: postgres', 'environment: [POSTGRES_PASSWORD=x]'], 5432, 'postgres://postgres:x@localhost:${port}/postgres'],
  [
    ['image: postgis/postgis:16', 'environment: {POSTGRES_PASSWORD: "${PW:-dev}"}'],
    5432,
    'postgres://postgres:dev@localhost:${port}/postgres',
  ],
  [
    ['image: postgres', 'environment: {POSTGRES_HOST_AUTH_METHOD: trust}'],
    5432,
    'postgres://postgres@localhost:${port}/postgres',
  ],
  [['image: ghcr.io/x/postgres:1@sha256:00', 'environment: {POSTGRES_PASSWORD: "${PW}"}'], 5432, undefined],
  [['image: postgres', 'environment: {POSTGRES_PASSWORD: "${SECRET:-dev}"}'], 5432, undefined],
  [['image: postgres', 'environment: {POSTGRES_PASSWORD_FILE: /run/x}'], 5432, undefined],
  [['image: postgres', 'env_file: db.env'], 5432, undefined],
  [
    ['image: mysql', 'environment: {MYSQL_ROOT_PASSWORD: r, MYSQL_DATABASE: d}'],
    3306,
    'mysql://root:r@localhost:${port}/d',
  ],
  [['image: mariadb', 'environment: {MARIADB_USER: u, MARIADB_PASSWORD: p}'], 3306, 'mysql://u:p@localhost:${port}'],
  [['image: mongo'], 27017, 'mongodb://localhost:${port}'],
  [
    ['image: mongo', 'environment: {MONGO_INITDB_ROOT_USERNAME: u, MONGO_INITDB_ROOT_PASSWORD: p}'],
    27017,
    'mongodb://u:p@localhost:${port}/?authSource=admin',
  ],
  [['image: valkey/valkey'], 6379, 'redis://localhost:${port}'],
  [['image: axllent/mailpit'], 1025, 'smtp://localhost:${port}'],
  [['image: postgres', 'environment: [POSTGRES_PASSWORD=x]'], 8080, undefined],
  [['image: nginx'], 80, undefined],
])('the URL of %j with the port %d is %s', (lines, port, url) => {
  const found = find({ 'compose.yaml': service(...lines, `ports: ["\${P:-1}:${port}"]`), '.env': 'SECRET=hidden' });
  expect(writtenIn(found).db?.url).toBe(url);
  expect(JSON.stringify(found)).not.toContain('hidden');
});

test('an override file is merged, and can replace the ports', () => {
  const base = service('image: postgres', 'ports: ["5432:5432"]');
  const withOverride = (override: string) =>
    find({ 'docker-compose.yml': base, 'docker-compose.override.yml': override });
  expect(writtenIn(withOverride(service('ports: ["${DB_PORT:-5433}:5432"]'))).db).toMatchObject({ port: 5432 });
  const replaced = withOverride(service('ports: !override ["${DB_PORT:-5433}:5432"]'));
  expect(writtenIn(replaced).db).toMatchObject({ shell: 'docker compose up db', port: 'auto', portEnv: 'DB_PORT' });
  expect(linesOf(replaced.advice)).toEqual([expect.stringMatching(/The login of 'db'/)]);
  expect(replaced.services[0]?.from).toEqual({ file: 'docker-compose.yml', line: 2 });
});

test('a file for development is preferred: alone if it is complete, otherwise on top of the main file', () => {
  const dev = { 'docker-compose.dev.yml': service('image: redis', 'ports: ["${R:-1}:6379"]') };
  const main = { 'docker-compose.yml': 'services:\n  db: { image: redis }\n  app: { build: . }' };
  expect(writtenIn(find(dev)).db?.shell).toBe('docker compose -f docker-compose.dev.yml up db');
  expect(writtenIn(find({ ...main, ...dev })).db?.shell).toBe('docker compose -f docker-compose.dev.yml up db');
  const part = { 'docker-compose.dev.yml': service('ports: ["${R:-1}:6379"]') };
  expect(writtenIn(find({ ...main, ...part })).db).toMatchObject({
    shell: 'docker compose -f docker-compose.yml -f docker-compose.dev.yml up db',
    stopCommand: 'docker compose -f docker-compose.yml -f docker-compose.dev.yml stop db',
    portEnv: 'R',
  });
});

test.each(['prod', 'deploy/docker', 'e2e', 'docker/testing', 'examples/small', '.github/workflows'])(
  'files in %s are not used',
  (directory) => {
    const files = { [`${directory}/compose.yaml`]: stack };
    expect(find(files, directory).services).toEqual([]);
  },
);

test('files for production, tests and examples are not used', () => {
  for (const name of ['compose.prod.yaml', 'docker-compose.test.yml', 'docker-compose.ci.yml', 'compose.example.yaml'])
    expect(find({ [name]: stack }).services, name).toEqual([]);
});

test('extends and include are followed, within the file and to others', () => {
  const found = find(
    {
      'docker/compose.yaml':
        'include: [../more.yaml, {path: other.yaml}]\nservices:\n  db: { extends: base, ports: ["${A:-1}:5432"] }\n  base: { image: redis, profiles: [none] }\n  far: { extends: { file: ../common.yaml, service: queue } }\n  loop: { extends: loop, image: x }',
      'more.yaml':
        'include: [docker/compose.yaml]\nservices:\n  mail: { image: axllent/mailpit, ports: ["${MAIL:-1025}:1025"] }',
      'common.yaml': 'services:\n  queue: { image: rabbitmq, ports: ["${MQ:-5672}:5672"] }',
    },
    'docker',
  );
  expect(Object.entries(writtenIn(found)).map(([name, { portEnv, root }]) => [name, portEnv, root])).toEqual([
    ['mail', 'MAIL', 'docker'],
    ['db', 'A', 'docker'],
    ['base', undefined, 'docker'],
    ['far', 'MQ', 'docker'],
    ['loop', undefined, 'docker'],
  ]);
  expect(found.services[2]?.unselectedBecause).toBe('it belongs to the profile none');
});

test('names that all checkouts share are pointed out', () => {
  const found = find({ 'compose.yaml': `name: shop\n${service('image: x', 'container_name: shop-db')}` });
  expect(linesOf(found.advice)).toEqual([
    expect.stringMatching(/^compose\.yaml:1 All checkouts have this project name, /),
    expect.stringMatching(/^compose\.yaml:5 Only one container can have the name that is fixed here; /),
  ]);
  const below = find({ 'docker/compose.yaml': service('image: x') }, 'docker');
  expect(linesOf(below.advice)).toEqual([
    expect.stringMatching(/^docker\/compose\.yaml Compose names the project after the directory 'docker'/),
  ]);
});

test('services that publish no port, or run the project itself, are not selected', () => {
  const found = find({
    'compose.yaml':
      'services:\n  a: { image: x }\n  b: { image: "node:24", volumes: [".:/app"], ports: ["${B:-3000}:3000"] }\n  c: { command: y }',
  });
  expect(found.services.map(({ unselectedBecause }) => unselectedBecause)).toEqual([
    'it publishes no port',
    'it runs this project in a container',
  ]);
  expect(linesOf(found.problems)).toEqual(["compose.yaml:4 The service 'c' has neither 'image' nor 'build'"]);
});

test('PORT is never a further port, because it contains the port of the service itself', () => {
  const found = find({ 'compose.yaml': service('image: postgres', 'ports: ["1:2", "${PORT:-1}:2"]') });
  expect(writtenIn(found).db?.ports).toBeUndefined();
});
