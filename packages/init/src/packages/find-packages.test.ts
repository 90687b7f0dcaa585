import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryFiles } from '../../test/memory-files.ts';
import { findPackages } from './find-packages.ts';

type Contents = Readonly<Record<string, unknown>>;

const find = (contents: Contents) => findPackages(memoryFiles(contents));

/** The commands of the selected services, by name; workers are marked. */
function selectedIn(contents: Contents): Readonly<Record<string, string>> {
  const selected = find(contents).services.filter(({ isSelected }) => isSelected);
  return Object.fromEntries(
    selected.map(({ service: { name, shell, root, port } }) => [
      `${port === null ? 'worker ' : ''}${root === undefined ? '' : `${root}: `}${name}`,
      shell,
    ]),
  );
}

const unselectedIn = (contents: Contents) =>
  find(contents).services.flatMap(({ isSelected, service, unselectedBecause }) =>
    isSelected ? [] : [`${service.name}: ${unselectedBecause}`],
  );

const scripts = (scripts: Readonly<Record<string, string>>, more: object = {}) => ({
  'package.json': { name: '@shop/web', scripts, ...more },
  'package-lock.json': {},
  'server.js': 'require("http").createServer().listen(process.env.PORT)',
  'worker.js': 'setInterval(poll, 1000)',
});

describe('the port', () => {
  test.each([
    [{ dev: 'vite' }, 'npm run dev -- --port ${port} --strictPort'],
    [{ dev: 'next dev' }, 'npm run dev -- -p ${port}'],
    // The last of two ports wins.
    [{ dev: 'vite --port 3000' }, 'npm run dev -- --port ${port} --strictPort'],
    [{ dev: 'next dev -p 3000' }, 'npm run dev -- -p ${port}'],
    // Elsewhere, the port is replaced.
    [{ dev: 'astro dev --port 3000 --host' }, 'npx astro dev --port ${port} --host'],
    [{ dev: 'http-server public -p 8080' }, 'npx http-server public -p ${port}'],
    [{ dev: 'node server.js' }, 'npm run dev'],
    [{ dev: 'nodemon server.js' }, 'npm run dev'],
    [{ dev: 'nodemon --watch src -e ts --exec node --inspect server.js' }, 'npm run dev'],
    [{ dev: 'nodemon --exec "node --inspect" -e ts server.js' }, 'npm run dev'],
    [{ dev: "nodemon --watch 'src/**/*.ts' --exec node server.js" }, 'npm run dev'],
    [{ dev: 'node --watch --env-file=.env server' }, 'npm run dev'],
    [{ dev: 'node server.js --port 3000' }, 'node server.js --port ${port}'],
    [{ dev: 'PORT=3000 node server.js' }, 'node server.js'],
    [{ dev: 'bun run -r ./preload.js server.js' }, 'npm run dev'],
    [{ dev: 'cross-env NODE_ENV=x PORT=3000 node server.js' }, 'npx cross-env NODE_ENV=x node server.js'],
    [{ dev: 'PORT=3000 vite' }, 'npm run dev -- --port ${port} --strictPort'],
    [{ dev: 'react-scripts start' }, 'npm run dev'],
    [{ dev: 'strapi develop' }, 'npm run dev'],
    [{ dev: 'fastify start app.js' }, 'npm run dev'],
    // npx would install a package with the name of a program in another language.
    [{ dev: 'uvicorn main:app --port 8000' }, 'uvicorn main:app --port ${port}'],
    [{ dev: 'FLASK_DEBUG=1 flask run -p 5000' }, 'FLASK_DEBUG=1 flask run --port ${port}'],
    [{ dev: 'hugo server -p 1313' }, 'hugo server --port ${port}'],
    [{ dev: 'php -S localhost:8000' }, 'php -S localhost:${port}'],
    [{ dev: 'sh -c "PORT=3000 node server.js"' }, 'sh -c "node server.js"'],
    [{ dev: 'nodemon --exec node server.js' }, 'npm run dev'],
    [{ dev: 'cross-env-shell NODE_ENV=x "vite --host"' }, 'npm run dev -- --port ${port} --strictPort'],
    [{ dev: 'lite-server' }, 'npm run dev'],
    [{ dev: 'gulp serve' }, 'npm run dev'],
    [{ dev: 'fastify start -p 3000 app.js' }, 'npx fastify start -p ${port} app.js'],
  ])('%j becomes %s', (given, shell) => {
    expect(selectedIn(scripts(given))).toEqual({ web: shell });
  });

  test('is passed in the variable that the program reads', () => {
    const code = 'const PORT = process.env.API_PORT || 3000;\nserver.listen(PORT)';
    const { services, advice } = find({ ...scripts({ dev: 'node server.js' }), 'server.js': code });
    expect(services.map(({ service }) => service)).toEqual([
      { name: 'web', shell: 'npm run dev', port: 'auto', portEnv: 'API_PORT' },
    ]);
    expect(advice).toEqual([]);
  });

  test('of `node serve.js` is not passed by a flag of the program serve', () => {
    const contents = { ...scripts({ dev: 'node serve.js' }), 'serve.js': 'app.listen(process.env.PORT)' };
    expect(selectedIn(contents)).toEqual({ web: 'npm run dev' });
  });

  test('is a guess if it depends on a call in the code, with the place of the call', () => {
    const [service] = find(scripts({ dev: 'node server.js' })).services;
    expect(service).toMatchObject({ service: { port: 'auto' }, guess: 'server.js:1 contains "createServer"' });
  });

  test('of a program without a listener is null, as a guess', () => {
    const [service] = find(scripts({ dev: 'node worker.js' })).services;
    expect(service).toEqual({
      service: { name: 'web', shell: 'npm run dev', port: null, ready: false },
      from: { file: 'package.json', line: 4 },
      isSelected: true,
      guess: 'nothing in worker.js listens on a port',
    });
  });

  test.each([
    ['app.listen(3001)', { line: 1, text: 'Port 3001 is fixed here; read PORT from the environment instead' }],
    [
      '\napp.listen(config.port)',
      { line: 2, text: 'The program listens here, and nothing shows that it reads PORT from the environment' },
    ],
  ])('that the code does not read from PORT is reported: %j', (code, { line, text }) => {
    const { advice } = find({ ...scripts({ dev: 'node index.js' }), 'index.js': code });
    expect(advice).toEqual([{ place: { file: 'index.js', line }, text }]);
  });
});

describe('the script', () => {
  test.each([
    ['dev before start', { start: 'node server.js', dev: 'nodemon server.js' }, { web: 'npm run dev' }],
    ['the first one that serves', { dev: 'tsc --watch', start: 'node server.js' }, { web: 'npm run start' }],
    [
      'by its command, not its name',
      { dev: 'vite build --watch', serve: 'vite' },
      { web: 'npm run serve -- --port ${port} --strictPort' },
    ],
    [
      'with a script that it calls',
      { dev: 'npm run serve --', serve: 'vite' },
      { web: 'npm run dev -- --port ${port} --strictPort' },
    ],
    [
      'the inner one if the outer one does not pass arguments on',
      { dev: 'npm run serve', serve: 'vite' },
      { web: 'npm run serve -- --port ${port} --strictPort' },
    ],
    ['in a shell line', { dev: 'prisma generate && next dev' }, { web: 'npm run dev -- -p ${port}' }],
    ['with a wrapper', { dev: 'dotenvx run -f .env -- npx next dev' }, { web: 'npm run dev -- -p ${port}' }],
    [
      'after a build that a new checkout does not have',
      { build: 'tsc', start: 'next start' },
      { web: 'npm run build && npm run start -- -p ${port}' },
    ],
    ['of a circle', { dev: 'npm run start', start: 'npm run dev' }, {}],
    ['that only builds', { dev: 'tsc', build: 'vite build', test: 'vitest' }, {}],
  ])('%s', (_, given, expected) => {
    expect(selectedIn(scripts(given))).toEqual(expected);
  });

  test('runs the source of a file that is built first', () => {
    const contents = {
      ...scripts({ build: 'tsc', start: 'node dist/main.js' }),
      'src/main.ts': 'app.listen(env.PORT)',
    };
    const expected = { web: 'npm run build && npm run start' };
    expect(selectedIn(contents)).toEqual(expected);
    // Another worktree does not have the file, because git ignores it.
    expect(selectedIn({ ...contents, 'dist/main.js': 'app.listen(env.PORT)' })).toEqual(expected);
  });

  test('also starts workers beside the server', () => {
    const given = { dev: 'vite', worker: 'node worker.js', 'worker:dev': 'node --watch worker.js', 'queue:clear': 'x' };
    expect(selectedIn(scripts(given))).toEqual({
      web: 'npm run dev -- --port ${port} --strictPort',
      'worker worker': 'npm run worker:dev',
    });
  });

  test.each([
    { dev: 'candle start db && vite' },
    { dev: 'vite', predev: 'candle up' },
    { dev: 'npm run up && vite', up: 'npx candle up' },
    { dev: 'concurrently "candle up" vite' },
  ])('%j is not used, because it runs Candle', (given) => {
    expect(selectedIn(scripts(given))).toEqual({});
    expect(find(scripts(given)).ignored.map(({ text }) => text)).toContain(
      '"dev" runs Candle itself, so it is not a service',
    );
  });

  test('has a name that the shell does not change', () => {
    expect(
      selectedIn(scripts({ dev: 'run-p "dev:*"', 'dev:$(touch x)': 'vite', 'dev:api': 'node server.js' })),
    ).toEqual({
      api: 'npm run dev:api',
      'touch-x': "npm run 'dev:$(touch x)' -- --port ${port} --strictPort",
    });
  });

  test('never runs Candle', () => {
    const contents = scripts({ dev: 'candle up', serve: 'npx @candle/cli start web', start: 'vite' });
    expect(selectedIn(contents)).toEqual({ web: 'npm run start -- --port ${port} --strictPort' });
    expect(find(contents).ignored).toEqual([
      { place: { file: 'package.json', line: 4 }, text: '"dev" runs Candle itself, so it is not a service' },
      { place: { file: 'package.json', line: 5 }, text: '"serve" runs Candle itself, so it is not a service' },
    ]);
  });
});

describe('a script that starts several programs', () => {
  const split = { 'dev:api': 'node server.js', 'dev:web': 'vite', 'dev:types': 'tsc --watch' };
  const expected = {
    api: 'npm run dev:api',
    web: 'npm run dev:web -- --port ${port} --strictPort',
    'worker types': 'npm run dev:types',
  };

  test.each([
    'concurrently "npm:dev:*"',
    'concurrently -k -n api,web,types "npm run dev:api" "npm run dev:web" "npm run dev:types"',
    'npm-run-all --parallel dev:*',
    'run-p dev:api dev:web dev:types',
    'npm run dev:api & npm run dev:web & npm run dev:types',
  ])('%s is replaced by them', (dev) => {
    const contents = scripts({ dev, ...split });
    expect(selectedIn(contents)).toEqual(expected);
    expect(find(contents).ignored).toEqual([
      {
        place: { file: 'package.json', line: 4 },
        text: '"dev" only starts other programs, which become services instead',
      },
    ]);
  });

  test('may contain their commands', () => {
    const dev = 'npm run build && concurrently "PORT=3001 node server.js" "vite --port 3000" "tsc -w"';
    expect(selectedIn(scripts({ dev, build: 'tsc' }))).toEqual({
      server: 'npm run build && node server.js',
      vite: 'npm run build && npx vite --port ${port} --strictPort',
      'worker tsc': 'npm run build && npx tsc -w',
    });
  });

  const directories = {
    'server/package.json': { scripts: { start: 'node index.js' }, dependencies: { express: '5' } },
    'server/index.js': 'app.listen(process.env.PORT)',
    'client/package.json': { scripts: { start: 'vite' }, dependencies: { react: '19' } },
    'client/package-lock.json': {},
  };

  test.each([
    'concurrently "cd server && npm start" "cd client && npm start"',
    'concurrently "npm start --prefix server" "npm --prefix=client start"',
    'concurrently "yarn --cwd server start" "pnpm -C client start"',
    '(cd server && npm start) & (cd client && npm start)',
  ])('%s starts packages in other directories', (dev) => {
    const contents = { 'package.json': { scripts: { dev }, devDependencies: { concurrently: '9' } }, ...directories };
    expect(selectedIn(contents)).toEqual({
      'client: client': 'npm run start -- --port ${port} --strictPort',
      'server: server': 'npm run start',
    });
  });

  test.each([
    ['npm run dev --workspaces', ['api', 'web']],
    ['npm run dev -w @shop/web -w api', ['api', 'web']],
    ['yarn workspaces foreach -Api run dev', ['api', 'web']],
    ['yarn workspace api dev', ['api']],
    ['pnpm -r --parallel dev', ['api', 'web']],
    ['pnpm --filter "./packages/*" run dev', ['api', 'web']],
    ['pnpm --filter web... dev', ['web']],
    ["bun --filter '*' dev", ['api', 'web']],
    ['bun run --cwd packages/web dev', ['web']],
    ['pnpm run -r dev', ['api', 'web']],
    ['lerna run dev --scope @shop/* --stream', ['web']],
    ['turbo run dev --filter=!api', ['web']],
    ['node --run dev:web', ['web']],
  ])('%s starts the workspaces %j', (dev, names) => {
    const contents = {
      'package.json': { workspaces: ['packages/*'], scripts: { dev, 'dev:web': 'npm run dev -w @shop/web' } },
      'packages/api/package.json': { name: 'api', scripts: { dev: 'vite' } },
      'packages/web/package.json': { name: '@shop/web', scripts: { dev: 'vite' } },
    };
    expect(Object.keys(selectedIn(contents))).toEqual(names.map((name) => `packages/${name}: ${name}`));
  });
});

describe('turbo', () => {
  const contents = (dev: string, dependsOn: readonly string[]) => ({
    'package.json': { packageManager: 'pnpm@10.0.0', scripts: { dev: 'turbo dev' } },
    'pnpm-workspace.yaml': 'packages: [apps/*]',
    'turbo.json': `{ // comments are allowed\n"tasks": ${JSON.stringify({ dev: { dependsOn } })} }`,
    'apps/web/package.json': { name: '@shop/web', scripts: { dev } },
    'apps/web/server.js': 'app.listen(process.env.PORT)',
  });
  const run = (filter: string, task = 'dev') => `pnpm exec turbo run ${task} --filter=${filter} --env-mode=loose`;

  test.each([
    ['vite', ['^build'], `${run('@shop/web')} -- --port \${port} --strictPort`],
    ['node server.js', ['^build'], run('@shop/web')],
    ['vite', ['^dev'], `${run("'@shop/web^...'")} && cd apps/web && pnpm run dev --port \${port} --strictPort`],
    ['PORT=1 node server.js', ['^build'], `${run("'@shop/web^...'", 'build')} && cd apps/web && node server.js`],
  ])('runs "%s" after %j', (dev, dependsOn, shell) => {
    expect(selectedIn(contents(dev, dependsOn))).toEqual({ web: shell });
  });

  test('a port that the script sets is reported if the script has to be run as it is', () => {
    const { advice, services } = find(contents('PORT=3001 node server.js', ['codegen']));
    expect(services[0]?.service.shell).toBe(run('@shop/web'));
    expect(advice).toEqual([
      {
        place: { file: 'apps/web/package.json', line: 4 },
        text: 'This script sets PORT=3001; remove it so that the reserved port is used',
      },
    ]);
  });
});

describe('what is not selected', () => {
  test.each([
    [{ dev: 'vite', storybook: 'storybook dev -p 6006' }, ['web-storybook: it shows components in Storybook']],
    [{ dev: 'vite', 'db:studio': 'prisma studio' }, ['db-studio: it is a browser for the database']],
    [{ dev: 'vite', serve: 'docusaurus serve', docs: 'docusaurus start' }, ['docs: it shows the documentation']],
    [{ dev: 'vite', email: 'email dev', 'email:start': 'email start' }, ['email: it shows a preview of emails']],
    [{ dev: 'expo start' }, ['web: it is a mobile application']],
    [{ dev: 'tsup --watch' }, ['web: it only builds again when files change']],
    [{ dev: './scripts/dev.sh' }, ['web: it runs a script that may start anything']],
  ])('%j', (given, expected) => {
    expect(unselectedIn(scripts(given)).map((line) => line.replace(/^storybook/, 'web-storybook'))).toEqual(expected);
  });

  test('documentation is selected if there is nothing else', () => {
    expect(selectedIn(scripts({ 'docs:dev': 'vitepress dev docs' }))).toEqual({
      docs: 'npm run docs:dev -- --port ${port}',
    });
  });
});

test('names are those of directories, unique, and never "setup"', () => {
  const dev = { scripts: { dev: 'vite' } };
  const contents = {
    'package.json': { workspaces: ['**'] },
    'apps/web/package.json': dev,
    'packages/web/package.json': dev,
    'old/packages/web/package.json': dev,
    'apps/My App/package.json': dev,
    'tools/setup/package.json': dev,
    'examples/web/package.json': dev,
    'apps/web/node_modules/x/package.json': dev,
  };
  expect(find(contents).services.map(({ service }) => service.name)).toEqual([
    'my-app',
    'web',
    'packages-web',
    'packages-web-2',
    'tools-setup',
  ]);
});

test('a broken file is reported with its line, and the rest continues', () => {
  const contents = {
    'package.json': { workspaces: ['apps/*'] },
    'apps/web/package.json': { scripts: { dev: 'vite' } },
    'apps/api/package.json': '{\n  "scripts": {\n    "dev" "x"\n  }\n}',
    'apps/list/package.json': '[]',
    'turbo.json': '{',
  };
  const { problems, services } = find(contents);
  expect(services.map(({ service }) => service.name)).toEqual(['web']);
  expect(problems).toEqual([
    {
      place: { file: 'apps/api/package.json', line: 3 },
      text: 'cannot be used: it is not valid JSON (colon expected)',
    },
    { place: { file: 'apps/list/package.json', line: 1 }, text: 'cannot be used: it does not contain a JSON object' },
    { place: { file: 'turbo.json', line: 1 }, text: 'cannot be used: it is not valid JSON (close brace expected)' },
  ]);
});

test('a broken pnpm-workspace.yaml is reported with its line', () => {
  const contents = { ...scripts({ dev: 'vite' }), 'pnpm-workspace.yaml': 'packages:\n  - "apps/*\n' };
  const { problems, services } = find(contents);
  expect(services).toHaveLength(1);
  expect(problems).toEqual([
    { place: { file: 'pnpm-workspace.yaml', line: 3 }, text: 'cannot be used: missing closing "quote' },
  ]);
});

test('of thousands of packages, the first 200 are read', () => {
  const packages = Array.from({ length: 3_000 }, (_, at) => [
    `packages/p${at}/package.json`,
    { scripts: { dev: 'vite' } },
  ]);
  const { services, advice } = find({
    'package.json': { workspaces: ['packages/*'] },
    ...Object.fromEntries(packages),
  });
  expect(services).toHaveLength(200);
  expect(advice).toEqual([
    {
      place: { file: 'package.json' },
      text: 'The workspace patterns match more than 200 packages, and only the first 200 were read',
    },
  ]);
});

test.each(['package.json', 'turbo.json', 'pnpm-workspace.yaml'])(
  'a %s that is nested too deeply is reported',
  (file) => {
    const nested = `{"scripts": ${'['.repeat(30_000)}`;
    const { problems } = find({ ...scripts({ dev: 'vite' }), [file]: nested });
    expect(problems).toMatchObject([{ place: { file }, text: 'cannot be used: it is nested too deeply' }]);
  },
);

test('a second lockfile is reported', () => {
  expect(find({ ...scripts({ dev: 'vite' }), 'yarn.lock': '' }).advice).toEqual([
    { place: { file: 'package-lock.json' }, text: 'This lockfile is not used, because the project uses yarn' },
  ]);
});

test('whatever the scripts are, the services have valid, unique names and a command', () => {
  const words = [
    'npm',
    'run',
    'dev',
    'start',
    'pnpm',
    '-r',
    '--filter',
    'yarn',
    'bun',
    'turbo',
    'nx',
    'concurrently',
    'run-p',
    'vite',
    'node',
    '"',
    "'",
    '&&',
    '&',
    '|',
    '(',
    ')',
    '--',
    '-p',
    '3000',
    'PORT=1',
    'cd',
    '..',
    'x',
    '$(x)',
    'deno',
    'task',
    'serve',
    '*',
    'nodemon',
    '--exec',
    'dotenv',
  ];
  const line = fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((each) => each.join(' '));
  const names = fc.constantFrom('dev', 'start', 'serve', 'worker', 'dev:a', 'dev:b', '-', '..');
  fc.assert(
    fc.property(fc.dictionary(names, line), fc.dictionary(names, line), (root, inner) => {
      const { services } = find({
        'package.json': { workspaces: ['*'], scripts: root },
        'x/package.json': { name: 'x', scripts: inner },
        'turbo.json': {},
        'nx.json': {},
      });
      const all = services.map(({ service }) => service.name);
      expect(new Set(all).size).toBe(all.length);
      for (const { service } of services) {
        expect(service.name).toMatch(/^[a-z0-9_][a-z0-9_-]{0,59}$/);
        expect(service.shell.trim()).not.toBe('');
      }
    }),
    { numRuns: 500 },
  );
});

test('scripts that start each other take little time', () => {
  const names = Array.from({ length: 30 }, (_, at) => `p${at}`);
  const packages = names.map((name) => [
    `${name}/package.json`,
    { name, scripts: { dev: "bun --filter '*' dev", start: 'run-p dev start' } },
  ]);
  const { services } = find({
    'package.json': { workspaces: ['*'], scripts: { dev: 'turbo dev' } },
    ...Object.fromEntries(packages),
  });
  expect(services).toEqual([]);
});

test.each([
  ['thousands of scripts', Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`dev:${at}`, 'run-p *']))],
  [
    'a script of one megabyte',
    { dev: 'env '.repeat(250_000), start: '('.repeat(1_000_000), serve: 'a | '.repeat(250_000) },
  ],
])('%s take little time', (_, given) => {
  const begin = performance.now();
  find(scripts({ ...given, dev: 'run-p *' }));
  // Time limit: without limits on scripts, this takes hours, and with them, seconds; a busy machine only doubles that.
  expect(performance.now() - begin).toBeLessThan(50_000);
});

test('no content of the files makes it throw', () => {
  const text = fc.oneof(fc.json(), fc.string(), fc.constant('{"scripts":{"dev":"vite"},"workspaces":[1,"*",{}]}'));
  fc.assert(
    fc.property(text, text, text, text, (root, pnpm, turbo, deno) => {
      find({
        'package.json': root,
        'pnpm-workspace.yaml': pnpm,
        'turbo.json': turbo,
        'a/deno.json': deno,
        'nx.json': '{}',
        'a/project.json': turbo,
      });
    }),
  );
});

test('a script that only runs tools is listed if the project has no service', () => {
  expect(find(scripts({ dev: 'docker compose up' })).ignored).toEqual([
    {
      place: { file: 'package.json', line: 4 },
      text: '"dev" is not a service, because nothing in its command is a server that Candle knows',
    },
  ]);
  expect(find(scripts({ dev: 'docker compose up', start: 'vite' })).ignored).toEqual([]);
});

test('a file without an extension is read', () => {
  const contents = { ...scripts({ start: 'node ./bin/www' }), 'bin/www': 'server.listen(process.env.PORT)' };
  expect(selectedIn(contents)).toEqual({ web: 'npm run start' });
});

test('a program in a directory without a package is listed', () => {
  const { ignored, services } = find(
    scripts({ dev: 'run-p api web', web: 'vite', api: 'cd backend && ./gradlew run' }),
  );
  expect(services.map(({ service }) => service.name)).toEqual(['web']);
  expect(ignored.map(({ place, text }) => `${place.line} ${text}`)).toEqual([
    '4 "dev" only starts other programs, which become services instead',
    '6 "./gradlew run" runs in backend, which has no package.json; check that a service does the same',
  ]);
});

test('accents are removed from the name of a directory', () => {
  expect(Object.keys(selectedIn({ 'Café Ä/package.json': { scripts: { dev: 'vite' } } }))).toEqual(['Café Ä: cafe-a']);
});
