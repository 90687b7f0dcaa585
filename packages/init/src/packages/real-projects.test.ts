import { expect, test } from 'vitest';
import { memoryFiles } from '../../test/memory-files.ts';
import { findPackages } from './find-packages.ts';

/** What is written for the selected services, and the names of the others. */
function proposalsOf(contents: Readonly<Record<string, unknown>>) {
  const { services, setup } = findPackages(memoryFiles(contents));
  const selected = services.filter(({ isSelected }) => isSelected).map(({ service }) => service);
  return {
    setup: setup?.run,
    selected: Object.fromEntries(
      selected.map(({ name, shell, root, port }) => [name, [root ?? '.', port === null ? 'worker' : port, shell]]),
    ),
    others: services.filter(({ isSelected }) => !isSelected).map(({ service }) => service.name),
  };
}

const listening = "import express from 'express';\nexpress().listen(process.env.PORT ?? 3000);\n";

test('pnpm and turbo, with libraries that are compiled by the same task', () => {
  const contents = {
    'package.json': { packageManager: 'pnpm@10.19.0', scripts: { dev: 'turbo watch dev --continue' } },
    'pnpm-lock.yaml': '',
    'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - packages/*\n  - tooling/*\n',
    'turbo.json': { tasks: { dev: { dependsOn: ['^dev'], persistent: false }, studio: { persistent: true } } },
    'apps/expo/package.json': { name: '@acme/expo', scripts: { dev: 'expo start' } },
    'apps/nextjs/package.json': {
      name: '@acme/nextjs',
      scripts: {
        dev: 'pnpm with-env next dev',
        start: 'pnpm with-env next start',
        'with-env': 'dotenv -e ../../.env --',
      },
    },
    'apps/tanstack-start/package.json': {
      name: '@acme/tanstack-start',
      scripts: { dev: 'pnpm with-env vite dev', 'with-env': 'dotenv -e ../../.env --' },
    },
    'packages/api/package.json': { name: '@acme/api', scripts: { dev: 'tsc' } },
    'packages/db/package.json': {
      name: '@acme/db',
      scripts: { dev: 'tsc', studio: 'pnpm with-env drizzle-kit studio', 'with-env': 'dotenv -e ../../.env --' },
    },
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'pnpm install --frozen-lockfile',
    selected: {
      nextjs: [
        '.',
        'auto',
        "pnpm exec turbo run dev --filter='@acme/nextjs^...' --env-mode=loose && cd apps/nextjs && pnpm run dev -p ${port}",
      ],
      'tanstack-start': [
        '.',
        'auto',
        "pnpm exec turbo run dev --filter='@acme/tanstack-start^...' --env-mode=loose && cd apps/tanstack-start && pnpm run dev --port ${port} --strictPort",
      ],
    },
    others: ['expo', 'db-studio'],
  });
});

test('npm and turbo with a filter, a step before, and scripts in scripts', () => {
  const contents = {
    'package.json': {
      packageManager: 'npm@11.11.0',
      workspaces: ['apps/*', 'packages/*'],
      scripts: { dev: 'npm run translate && turbo run dev --filter=@sign/remix', translate: 'lingui compile' },
    },
    'package-lock.json': {},
    'turbo.json': { tasks: { dev: { cache: false, persistent: true } } },
    'apps/docs/package.json': { name: '@sign/docs', scripts: { dev: 'next dev' } },
    'apps/openpage-api/package.json': { name: '@sign/openpage-api', scripts: { dev: 'next dev -p 3003' } },
    'apps/remix/package.json': {
      name: '@sign/remix',
      scripts: { dev: 'npm run with:env -- react-router dev', 'with:env': 'dotenv -e ../../.env --' },
    },
    'packages/email/package.json': {
      name: '@sign/email',
      scripts: { dev: 'react-router dev --config preview/vite.config.ts' },
    },
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'npm ci',
    selected: {
      remix: [
        '.',
        'auto',
        'npm run translate && npx turbo run dev --filter=@sign/remix --env-mode=loose -- --port ${port} --strictPort',
      ],
    },
    others: ['docs', 'openpage-api', 'email'],
  });
});

test('pnpm -r with its own script, and npm-run-all in the packages', () => {
  const split = {
    dev: 'pnpm exec npm-run-all -p -l dev:*',
    'dev:vite': 'vite',
    'dev:codegen': 'graphql-codegen --watch',
  };
  const contents = {
    'package.json': { scripts: { dev: 'pnpm -r do-dev', start: 'http-server packages/web/dist -p 3000' } },
    'pnpm-lock.yaml': '',
    'pnpm-workspace.yaml': "packages:\n  - 'packages/**'\n",
    'packages/backend/package.json': {
      name: 'backend',
      scripts: { start: 'nest start', 'start:dev': 'nest start --watch' },
    },
    'packages/backend/src/main.ts': "await app.listen(config.get('PORT') || 3170);",
    'packages/cli/package.json': { name: '@hopp/cli', bin: {}, scripts: { dev: 'pnpm exec tsup --watch' } },
    'packages/desktop/package.json': { name: 'desktop', scripts: { dev: 'vite', tauri: 'tauri' } },
    'packages/desktop/src-tauri/tauri.conf.json': {},
    'packages/web/package.json': { name: '@hopp/web', scripts: { ...split, 'do-dev': 'pnpm run dev' } },
    'packages/admin/package.json': { name: 'admin', scripts: split },
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'pnpm install --frozen-lockfile',
    selected: {
      web: ['packages/web', 'auto', 'pnpm run dev:vite --port ${port} --strictPort'],
      'web-codegen': ['packages/web', 'worker', 'pnpm run dev:codegen'],
    },
    others: ['admin', 'admin-codegen', 'backend', 'cli', 'desktop'],
  });
});

test('nx projects that the scripts of the root start', () => {
  const contents = {
    'package.json': {
      scripts: {
        start: 'node dist/apps/api/main',
        'start:client': 'nx run client:copy-assets && nx run client:serve --configuration=development-en -o',
        'start:server': 'nx run api:copy-assets && nx run api:serve --watch',
      },
    },
    'package-lock.json': {},
    'nx.json': {},
    'apps/api/project.json': { name: 'api', targets: { serve: { executor: '@nx/js:node' } } },
    'apps/api/src/main.ts': 'const PORT = config.get("PORT");\nawait app.listen(PORT);',
    'apps/client/project.json': { name: 'client', targets: { serve: { executor: '@nx/angular:dev-server' } } },
  };
  expect(proposalsOf(contents).selected).toEqual({
    api: ['.', 'auto', 'npm run start:server'],
    client: ['.', 'auto', 'npm run start:client -- --port ${port}'],
  });
});

test('nx projects without a script', () => {
  const contents = {
    'package.json': {
      packageManager: 'yarn@4.15.0',
      workspaces: ['apps/*'],
      scripts: { start: 'nx serve' },
      dependencies: { nx: '22' },
    },
    'yarn.lock': '',
    'nx.json': {},
    'apps/products/project.json': { targets: { serve: { executor: '@angular/build:dev-server' }, build: {} } },
    'apps/cart/project.json': {
      name: 'cart',
      targets: { dev: { executor: 'nx:run-commands', options: { command: 'vite' } } },
    },
    'apps/e2e/project.json': { name: 'e2e', targets: { e2e: { executor: '@nx/cypress:cypress' } } },
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'yarn install --immutable',
    selected: {
      cart: ['.', 'auto', 'yarn run nx run cart:dev --port ${port} --strictPort'],
      products: ['.', 'auto', 'yarn run nx run products:serve --port ${port}'],
    },
    others: [],
  });
});

test('nx run-many', () => {
  const contents = {
    'package.json': { workspaces: ['packages/*'], scripts: { dev: 'nx run-many -t dev --projects=web,api' } },
    'nx.json': {},
    'packages/web/package.json': { name: 'web', scripts: { dev: 'vite' } },
    'packages/api/package.json': { name: 'api', scripts: { dev: 'tsx watch src/main.ts' } },
    'packages/api/src/main.ts': listening,
    'packages/ui/package.json': { name: 'ui', scripts: { dev: 'vite' } },
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'npm install',
    selected: {
      api: ['.', 'auto', 'npx nx run api:dev'],
      web: ['.', 'auto', 'npx nx run web:dev --port ${port} --strictPort'],
    },
    others: ['ui'],
  });
});

test('bun workspaces with filters', () => {
  const contents = {
    'package.json': {
      packageManager: 'bun@1.3.9',
      workspaces: ['apps/*', 'db', 'packages/*'],
      scripts: {
        dev: 'bun --filter @repo/web --filter @repo/api --filter @repo/app dev',
        'docs:dev': 'vitepress dev docs',
      },
    },
    'bun.lock': '',
    'apps/api/package.json': {
      name: '@repo/api',
      scripts: {
        predev: 'bun --filter @repo/email build',
        dev: 'bun run --watch --env-file ../../.env --env-file ../../.env.local ./dev.ts',
      },
    },
    '.env': 'PORT=8787\n',
    'apps/api/dev.ts': 'const app = new Hono();\nexport default app;\n',
    'apps/app/package.json': { name: '@repo/app', scripts: { dev: 'vite serve' } },
    'apps/web/package.json': { name: '@repo/web', scripts: { dev: 'astro dev' } },
    'apps/email/package.json': { name: '@repo/email', scripts: { dev: 'bunx react-email dev --port 3001' } },
    'db/package.json': { name: '@repo/db', scripts: { studio: 'bun --bun drizzle-kit studio' } },
    'packages/ui/package.json': { name: '@repo/ui', scripts: { dev: 'tsc --watch' } },
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'bun install --frozen-lockfile',
    selected: {
      api: ['apps/api', 'auto', 'bun run dev'],
      app: ['apps/app', 'auto', 'bun run dev --port ${port} --strictPort'],
      web: ['apps/web', 'auto', 'bun run dev --port ${port}'],
    },
    others: ['docs', 'email', 'db-studio', 'ui'],
  });
});

test('a pnpm workspace whose root starts nothing by default', () => {
  const contents = {
    'package.json': { scripts: { 'server:dev': 'pnpm --filter @logs/api dev' } },
    'pnpm-lock.yaml': '',
    'pnpm-workspace.yaml': "packages:\n  - 'packages/*'\n",
    'packages/server/package.json': { name: '@logs/api', scripts: { dev: 'nodemon', start: 'node index.js' } },
    'packages/server/nodemon.json': { exec: 'ts-node ./src/index.ts' },
    'packages/server/src/index.ts': listening,
    'packages/theme/package.json': { name: '@logs/theme', scripts: { dev: 'vite' } },
    'packages/types/package.json': { name: '@logs/types', scripts: { dev: 'tsup --watch' } },
    'packages/e2e/package.json': { name: '@logs/e2e', scripts: { 'playwright:ui': 'playwright test --ui' } },
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'pnpm install --frozen-lockfile',
    selected: {
      server: ['packages/server', 'auto', 'pnpm run dev'],
      theme: ['packages/theme', 'auto', 'pnpm run dev --port ${port} --strictPort'],
    },
    others: ['types'],
  });
});

test('a package below a root in another language', () => {
  const contents = {
    'go.mod': 'module memos\n',
    'web/package.json': { packageManager: 'pnpm@11.0.1', scripts: { dev: 'vite' }, dependencies: { react: '19' } },
    'web/pnpm-lock.yaml': '',
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'cd web && pnpm install --frozen-lockfile',
    selected: { web: ['web', 'auto', 'pnpm run dev --port ${port} --strictPort'] },
    others: [],
  });
});

test('a root that starts one of its workspaces with bun', () => {
  const contents = {
    'package.json': {
      workspaces: ['frontend', 'packages/*'],
      scripts: { dev: 'bun run --filter frontend dev', 'email:dev': 'bun run --filter emails dev' },
    },
    'bun.lock': '',
    'frontend/package.json': { name: 'frontend', scripts: { dev: 'vite' } },
    'packages/react-email/package.json': { name: 'emails', scripts: { dev: 'email dev --port 3333' } },
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'bun install --frozen-lockfile',
    selected: { frontend: ['frontend', 'auto', 'bun run dev --port ${port} --strictPort'] },
    others: ['react-email'],
  });
});

test('a server that is built before it restarts, beside Vite, with yarn', () => {
  const contents = {
    'package.json': {
      packageManager: 'yarn@4.11.0',
      dependencies: { koa: '3' },
      scripts: {
        start: 'node ./build/server/index.js',
        'build:server': 'node ./build.js',
        dev: 'NODE_ENV=development yarn concurrently -n api,collaboration "node --inspect=0.0.0.0 build/server/index.js --services=web"',
        'dev:backend':
          'NODE_ENV=development nodemon --quiet --exec "yarn build:server && yarn dev" -e js,ts --watch server',
        'dev:watch': 'NODE_ENV=development yarn concurrently -n backend,frontend "yarn dev:backend" "yarn vite:dev"',
        'vite:dev': 'VITE_CJS_IGNORE_WARNING=true vite',
      },
    },
    'yarn.lock': '',
    'server/index.ts': "import env from './env';\nhttp.createServer(app.callback()).listen(env.PORT);\n",
    'server/env.ts': 'export default process.env;',
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'yarn install --immutable',
    selected: {
      backend: ['.', 'auto', 'yarn run dev:backend'],
      frontend: ['.', 'auto', 'yarn run vite:dev --port ${port} --strictPort'],
    },
    others: [],
  });
});

test('bun and turbo, with a port in a script, a desktop application and a command-line tool', () => {
  const contents = {
    'package.json': {
      packageManager: 'bun@1.3.11',
      workspaces: ['packages/*', 'apps/*'],
      scripts: { dev: 'turbo dev --parallel' },
    },
    'bun.lock': '',
    'turbo.json': { tasks: { dev: { persistent: true, cache: false } } },
    'apps/api/package.json': { name: '@mid/api', scripts: { dev: 'TZ=UTC PORT=3003 bun run --hot src/index.ts' } },
    'apps/api/src/index.ts': 'export default {\n  port: Number(process.env.PORT ?? 3000),\n  fetch: app.fetch,\n};\n',
    'apps/dashboard/package.json': { name: '@mid/dashboard', scripts: { dev: 'TZ=UTC next dev -p 3001 --turbopack' } },
    'apps/website/package.json': { name: '@mid/website', scripts: { dev: 'TZ=UTC next dev --turbopack -p 3000' } },
    'apps/worker/package.json': { name: '@mid/worker', scripts: { dev: 'bun run --hot src/index.ts' } },
    'apps/worker/src/index.ts': 'Bun.serve({ port: Number(process.env.PORT), fetch: app.fetch });',
    'apps/desktop/package.json': { name: '@mid/desktop', scripts: { dev: 'vite' } },
    'apps/desktop/src-tauri/tauri.conf.json': {},
    'packages/cli/package.json': { name: '@mid/cli', bin: { mid: 'x' }, scripts: { dev: 'bun run bin/mid.ts' } },
    'packages/cli/bin/mid.ts': 'createServer();',
    'packages/jobs/package.json': { name: '@mid/jobs', scripts: { dev: 'trigger dev' } },
    'packages/workbench/package.json': { name: 'workbench', scripts: { dev: 'vite build --watch' } },
  };
  const turbo = (name: string) => `bun x turbo run dev --filter=@mid/${name} --env-mode=loose`;
  expect(proposalsOf(contents)).toEqual({
    setup: 'bun install --frozen-lockfile',
    selected: {
      api: ['apps/api', 'auto', 'TZ=UTC bun run --hot src/index.ts'],
      dashboard: ['.', 'auto', `${turbo('dashboard')} -- -p \${port}`],
      website: ['.', 'auto', `${turbo('website')} -- -p \${port}`],
      worker: ['.', 'auto', turbo('worker')],
    },
    others: ['desktop', 'cli', 'jobs', 'workbench'],
  });
});

test('turbo with a library that is built by its own script, and concurrently with a single command', () => {
  const contents = {
    'package.json': { packageManager: 'pnpm@9.15.9', scripts: { dev: 'turbo dev' } },
    'pnpm-lock.yaml': '',
    'pnpm-workspace.yaml': 'packages:\n  - "apps/*"\n  - "packages/*"\n',
    'turbo.json': { pipeline: { dev: { cache: false, persistent: true } } },
    'apps/web/package.json': {
      name: 'web',
      dependencies: { '@dub/ui': 'workspace:*' },
      scripts: {
        dev: 'pnpm prisma:generate && concurrently --kill-others "next dev --turbopack --port 8888"',
        'prisma:generate': 'prisma generate',
      },
    },
    'packages/ui/package.json': { name: '@dub/ui', scripts: { dev: 'tsup --watch' } },
    'packages/email/package.json': { name: '@dub/email', scripts: { dev: 'email dev --dir ./src/templates -p 3333' } },
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'pnpm install --frozen-lockfile',
    selected: {
      web: [
        '.',
        'auto',
        "(cd apps/web && pnpm prisma:generate) && pnpm exec turbo run build --filter='web^...' --env-mode=loose && cd apps/web && pnpm exec next dev --turbopack -p ${port}",
      ],
    },
    others: ['email', 'ui'],
  });
});

test('a single package whose workspace pattern matches everything', () => {
  const contents = {
    'package.json': {
      name: 'umami',
      dependencies: { next: '16' },
      scripts: { dev: 'dotenv next dev --turbo', start: 'next start', 'start-server': 'node server.js' },
    },
    'pnpm-lock.yaml': '',
    'pnpm-workspace.yaml': "packages:\n  - '**'\n",
  };
  expect(proposalsOf(contents)).toEqual({
    setup: 'pnpm install --frozen-lockfile',
    selected: { umami: ['.', 'auto', 'pnpm run dev -p ${port}'] },
    others: [],
  });
});
