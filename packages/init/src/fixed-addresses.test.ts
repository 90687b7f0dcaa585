import { expect, test } from 'vitest';
import { linesOf, withCompose, writtenIn } from '../test/findings.ts';
import { memoryFiles } from '../test/memory-files.ts';
import { type AddressedService, adviseOnAddresses, directoriesOf, findFixedAddresses } from './fixed-addresses.ts';
import { listLocalAddresses } from './local-addresses.ts';
import { proposeConfig } from './propose-config.ts';

const api: AddressedService = {
  name: 'api',
  reference: 'services.api',
  directories: ['server'],
  expectedPort: 3001,
  port: 4001,
  variables: new Set(),
  portVariable: 'API_PORT',
  hasUrl: true,
};

function addressesIn(contents: Record<string, string>, services: readonly AddressedService[] = [api]) {
  const addresses = listLocalAddresses(memoryFiles(contents), directoriesOf(services));
  return linesOf(adviseOnAddresses(findFixedAddresses(addresses, services), services));
}

test('an address that leads to the usual port of a service is reported with file and line', () => {
  const config = "export default {\n  server: { proxy: { '/api': 'http://localhost:3001' } },\n}\n";
  expect(addressesIn({ 'vite.config.ts': config })).toEqual([
    "vite.config.ts:2 http://localhost:3001 was the address of 'api', which has port 4001; write process.env.API_URL",
  ]);
});

test.each([
  ['webpack.dev.js', "target: 'http://127.0.0.1:3001',", 'write process.env.API_URL'],
  ['next.config.mjs', 'destination: `http://localhost:3001/:path*`', 'write process.env.API_URL'],
  ['src/setupProxy.js', 'target: "http://localhost:3001"', 'write process.env.API_URL'],
  [
    'package.json',
    '"proxy": "http://localhost:3001"',
    'remove "proxy", and write process.env.API_URL in src/setupProxy.js',
  ],
  ['package.json', '"e2e": "wait-on http://localhost:3001 && cypress run"', 'write $API_URL instead'],
  ['proxy.conf.json', '"target": "http://localhost:3001"', 'in a file proxy.conf.mjs'],
  [
    '.env.local',
    'VITE_API=http://localhost:3001',
    'write "env": { "VITE_API": "http://localhost:${services.api.port}" }',
  ],
  ['.env', 'API_URL="http://localhost:3001"', 'remove this line, because Candle sets API_URL'],
  [
    '.env',
    'API_URL=http://localhost:3001/v1',
    'write "env": { "API_URL": "http://localhost:${services.api.port}/v1" }',
  ],
])('%s: %s', (file, line, advice) => {
  expect(addressesIn({ [file]: line })).toEqual([expect.stringContaining(advice)]);
});

test.each([
  ['another port', 'vite.config.ts', 'http://localhost:3002'],
  ['another host', 'vite.config.ts', 'http://api.localhost:3001'],
  ['the default of a variable that Candle sets', 'vite.config.ts', "process.env.API_URL ?? 'http://localhost:3001'"],
  ['a comment', 'vite.config.ts', '  // http://localhost:3001'],
  ['a file that is only an example', '.env.example', 'API=http://localhost:3001'],
  ['a file of a library', 'node_modules/x/vite.config.ts', 'http://localhost:3001'],
  ['the end of a file that is not written by hand', 'vite.config.ts', `${'x'.repeat(1_000_000)} http://localhost:3001`],
])('no report for %s', (_, file, text) => {
  expect(addressesIn({ [file]: text })).toEqual([]);
});

test('nothing is reported for a service that listens on its usual port, or whose address is already configured', () => {
  const files = { 'vite.config.ts': 'http://localhost:3001', '.env': 'API=http://localhost:3001' };
  expect(addressesIn(files, [{ ...api, port: 3001 }])).toEqual([]);
  const configured = { ...api, variables: new Set(['API']) };
  expect(addressesIn({ '.env': files['.env'] }, [configured])).toEqual([]);
});

test('no login is shown', () => {
  expect(addressesIn({ '.env': 'API=https://me:secret@localhost:3001' }).join()).not.toContain('secret');
});

const db: AddressedService = {
  ...api,
  name: 'db',
  reference: 'ports.db',
  expectedPort: 5432,
  port: undefined,
  hasUrl: false,
};

test('the advice for a program without a URL sets it, and shows no login', () => {
  const line = 'DATABASE_URL="postgres://me:secret@localhost:5432/shop?schema=public"';
  expect(addressesIn({ '.env': line }, [db])).toEqual([
    '.env:1 postgres://localhost:5432 was the address of \'db\', whose port differs in each checkout; add "url": "postgres://localhost:${port}/shop?schema=public" with its login to \'db\', and "env": { "DATABASE_URL": "${ports.db.url}" } to the service that reads it',
  ]);
});

test('outside of dotenv files, the advice for a program without a URL is to use its port', () => {
  const [advice] = addressesIn({ 'next.config.js': 'db: "localhost:5432"' }, [{ ...db, portVariable: 'PGPORT' }]);
  expect(advice).toMatch(/; write its port as process\.env\.PGPORT$/);
});

test('all addresses in a line are replaced', () => {
  const web = { ...api, name: 'web', reference: 'services.web', expectedPort: 3000, port: 4000 };
  const line = 'ORIGINS=http://localhost:3000,http://localhost:3001,http://localhost:1';
  const template = 'http://localhost:${services.web.port},http://localhost:${services.api.port},http://localhost:1';
  expect(addressesIn({ '.env': line }, [web, api])).toEqual([expect.stringContaining(`"ORIGINS": "${template}"`)]);
});

test.each([
  ['Procfile', 'web: vite\napi: PORT=3001 node api.js\n'],
  ['Procfile', 'web: vite\napi: node api.js -p 3001\n'],
  ['Procfile', 'web: vite\napi: gunicorn -b 127.0.0.1:3001 app\n'],
  [
    'process-compose.yaml',
    'processes:\n  web: { command: vite }\n  api: { command: ./api, environment: [PORT=3001] }\n',
  ],
  ['package.json', '{ "scripts": { "dev": "run-p web api", "web": "vite", "api": "node api.js --port=3001" } }'],
  ['mprocs.yaml', 'procs:\n  web: { shell: vite }\n  api: { shell: ./api --port 3001 }\n'],
  ['package.json', '{ "scripts": { "dev": "run-p dev:*", "dev:web": "vite", "dev:api": "PORT=3001 node api.js" } }'],
])(
  'the port that %s names is the usual one of its service, even if it is not in the command any more: %j',
  (file, text) => {
    const files = memoryFiles({
      [file]: text,
      'api.js': 'http.createServer().listen(process.env.PORT)',
      '.env': 'ORIGINS=http://localhost:5173,http://localhost:3001\n',
      'vite.config.js': "proxy: { '/api': 'http://localhost:3001' }",
    });
    const found = proposeConfig(files, withCompose);
    expect(writtenIn(found).api?.shell).not.toContain('3001');
    expect(linesOf(found.advice)).toEqual([
      expect.stringMatching(
        /^vite\.config\.js:1 http:\/\/localhost:3001 was the address of 'api', .*; write process\.env\.API_URL$/,
      ),
    ]);
    const origins = 'http://localhost:${services.web.port},http://localhost:${port}';
    expect(writtenIn(found).api?.env).toEqual({ ORIGINS: origins });
  },
);

test('services get the addresses of each other that dotenv files set', () => {
  const files = memoryFiles({
    'client/package.json': { scripts: { dev: 'vite' } },
    'client/.env':
      'VITE_API=http://localhost:3001/v1\nVITE_SELF="http://localhost:5173"\nVITE_OTHER=http://localhost:9\n',
    'server/package.json': { scripts: { dev: 'node index.js' } },
    'server/index.js': 'app.listen(process.env.PORT ?? 3001)',
    'server/.env': 'DATABASE_URL=postgres://me:secret@localhost:5432/shop\n',
    'compose.yaml':
      'services:\n  db:\n    image: postgres:18\n    environment: { POSTGRES_PASSWORD: secret, POSTGRES_USER: me, POSTGRES_DB: shop }\n    ports: ["${DB_PORT:-5432}:5432"]\n',
  });
  const found = proposeConfig(files, withCompose);
  expect(writtenIn(found)).toMatchObject({
    client: { env: { VITE_API: 'http://localhost:${services.server.port}/v1', VITE_SELF: 'http://localhost:${port}' } },
    server: { env: { DATABASE_URL: '${services.db.url}' }, dependsOn: ['db'] },
  });
  expect(Object.keys(writtenIn(found).client?.env ?? {})).toEqual(['VITE_API', 'VITE_SELF']);
  expect(linesOf(found.advice)).toEqual([]);
});

test.each([
  ['postgres://dev@localhost:5432/shop', 'postgres://dev@localhost:${services.pg.port}/shop'],
  ['postgres://dev:secret@localhost:5432/shop', undefined],
  ['http://4f0c2d@localhost:5432', undefined],
])('an address with a user name is replaced, but one with a secret is not: %s', (url, template) => {
  const files = memoryFiles({ Procfile: 'pg: postgres -D data\napi: node api.js\n', '.env': `DATABASE_URL=${url}\n` });
  expect(writtenIn(proposeConfig(files, withCompose)).api?.env?.DATABASE_URL).toBe(template);
});

test('services of a workspace get the variables of the dotenv file that they share', () => {
  const files = memoryFiles({
    'package.json': { workspaces: ['apps/*'], scripts: { 'docs:dev': 'vitepress dev docs' } },
    '.env': 'APP_ORIGIN=http://localhost:5173\nAPI_ORIGIN=http://localhost:8787\nPORT=8787\n',
    'apps/api/package.json': { scripts: { dev: 'bun run --env-file ../../.env --env-file ../../.env.local dev.ts' } },
    'apps/api/dev.ts': 'export default app;\n',
    'apps/app/package.json': { scripts: { dev: 'vite' } },
    'apps/app/vite.config.ts': "const env = loadEnv(mode, '../..', ''); const target = env.API_ORIGIN;",
    'apps/web/package.json': { scripts: { dev: 'astro dev' } },
  });
  const found = proposeConfig(files, withCompose);
  const written = writtenIn(found);
  expect(written.api?.env).toEqual({
    APP_ORIGIN: 'http://localhost:${services.app.port}',
    API_ORIGIN: 'http://localhost:${port}',
  });
  expect(written.app?.env).toEqual({
    APP_ORIGIN: 'http://localhost:${port}',
    API_ORIGIN: 'http://localhost:${services.api.port}',
  });
  expect(written.web?.env).toMatchObject({ API_ORIGIN: 'http://localhost:${services.api.port}' });
});

const workspace = {
  'web/package.json': { scripts: { dev: 'PORT=${WEB_PORT:-8000} next dev' } },
  'api/package.json': { scripts: { dev: 'node index.js' } },
  'api/index.js': 'const PORT = Number(process.env.API_PORT) || 3000;\nserve({ fetch, port: PORT })',
};

const rootDotenv =
  'NEXT_PUBLIC_API_URL=http://localhost:3000\nORIGIN=http://localhost:8000\nMAIL=smtp://localhost:1025\n';

test.each(['.env', '.env.example'])('all services get the addresses that %s of the project sets', (name) => {
  const found = proposeConfig(memoryFiles({ ...workspace, [name]: rootDotenv }), withCompose);
  const api = 'http://localhost:${services.api.port}';
  expect(writtenIn(found)).toMatchObject({
    web: { env: { NEXT_PUBLIC_API_URL: api, ORIGIN: 'http://localhost:${port}' } },
    api: { env: { NEXT_PUBLIC_API_URL: 'http://localhost:${port}', ORIGIN: 'http://localhost:${services.web.port}' } },
  });
  expect(linesOf(found.advice)).toEqual([]);
});

test('the example of a dotenv file that exists is not used', () => {
  const files = memoryFiles({
    ...workspace,
    '.env': 'NEXT_PUBLIC_API_URL=https://example.com',
    '.env.example': rootDotenv,
  });
  expect(writtenIn(proposeConfig(files, withCompose)).web?.env).toBeUndefined();
});

test('a dotenv file of a directory is not read by the services beside it', () => {
  const files = memoryFiles({ ...workspace, 'web/.env': rootDotenv });
  const written = writtenIn(proposeConfig(files, withCompose));
  expect(written.web?.env).toBeDefined();
  expect(written.api?.env).toBeUndefined();
});

test('the usual port of a server that reads PORT is known', () => {
  const files = memoryFiles({
    'web/package.json': { scripts: { dev: 'vite' } },
    'web/vite.config.ts': "export default { server: { proxy: { '/api': 'http://localhost:3000' } } };",
    'api/package.json': { scripts: { dev: 'fastify start -w -l info -P app.js' } },
  });
  expect(linesOf(proposeConfig(files, withCompose).advice)).toEqual([
    "web/vite.config.ts:1 http://localhost:3000 was the address of 'api', whose port differs in each checkout; write process.env.API_URL",
  ]);
});
