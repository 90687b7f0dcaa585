import type { Answer, Kind } from './kind.ts';

const page = answer(() => '<html');

function answer(says: Answer['says'], path = '/'): Answer {
  return { path, says };
}

export const kinds: readonly Kind[] = [
  {
    title: 'create-vite 9.3.0 with React',
    project: 'vite',
    generator: ['create-vite@9.3.0', 'web', '--template', 'react-ts', '--no-interactive'],
    hasPackages: true,
    services: { web: page },
    worktrees: 4,
  },
  {
    title: 'create-next-app 16.4.3',
    project: 'next',
    generator: ['create-next-app@16.4.3', 'web', '--yes', '--use-npm', '--skip-install', '--disable-git'],
    hasPackages: true,
    services: { web: page },
    worktrees: 1,
  },
  {
    title: 'sv 0.17.1 (SvelteKit)',
    project: 'sv',
    generator: ['sv@0.17.1', 'create', 'web', '--template=minimal', '--types=ts', '--no-add-ons', '--no-install'],
    hasPackages: true,
    services: { web: page },
    worktrees: 1,
  },
  {
    title: '@nestjs/cli 12.0.8',
    project: 'nest',
    generator: ['@nestjs/cli@12.0.8', 'new', 'web', '--skip-install', '--package-manager=npm'],
    hasPackages: true,
    services: { web: answer(() => 'Hello World!') },
    worktrees: 1,
  },
  {
    title: '@angular/cli 22.2.7',
    project: 'angular',
    generator: ['@angular/cli@22.2.7', 'new', 'web', '--defaults', '--skip-git', '--skip-install'],
    hasPackages: true,
    services: { web: page },
    worktrees: 1,
  },
  {
    title: 'Astro 7.2.10',
    project: 'astro',
    hasPackages: true,
    services: { site: page },
    worktrees: 1,
  },
  {
    title: 'npm workspaces with Turborepo 2.11.9 and a library that is built first',
    project: 'turbo',
    hasPackages: true,
    services: { api: answer(() => 'Text of api'), web: answer(() => 'Text of web') },
    worktrees: 1,
  },
  {
    title: '`client` with Vite 8.3.8, whose proxy leads to `server` with Express 5.3.0',
    project: 'client-server',
    hasPackages: true,
    services: { client: answer(({ dir }) => `Orders of ${dir}/server`, '/api/orders'), server: answer(() => 'Orders') },
    worktrees: 1,
  },
  {
    title: 'pnpm workspace of three services',
    project: 'pnpm',
    hasPackages: false,
    needs: { command: ['pnpm', '--version'], what: 'pnpm' },
    services: {
      admin: answer(({ dir }) => `Hello from admin in ${dir}/apps/admin`),
      api: answer(({ dir }) => `Hello from api in ${dir}/apps/api`),
      web: answer(({ dir }) => `Hello from web in ${dir}/apps/web`),
    },
    worktrees: 4,
  },
  {
    title: 'Procfile.dev of three services',
    project: 'procfile',
    hasPackages: false,
    services: {
      web: answer(({ dir }) => `web in ${dir}`),
      api: answer(({ dir }) => `api in ${dir}`),
      mailer: 'worker',
    },
    worktrees: 4,
  },
  {
    title: 'A Node.js server and a Compose file with PostgreSQL',
    project: 'compose',
    hasPackages: false,
    hasStandIns: true,
    services: {
      shop: answer(({ ports }) => `The database is postgres://dev:dev@localhost:${ports.db}/shop`),
      db: 'socket',
    },
    worktrees: 1,
  },
  {
    title: 'Flask, and a `.candle.json` that git does not track',
    project: 'flask',
    hasPackages: false,
    needs: { command: ['python3', '-c', 'import flask'], what: 'Flask (Debian: python3-flask)' },
    services: { flask: answer(() => 'Hello from Flask') },
    worktrees: 1,
    isUntracked: true,
  },
  {
    title: 'A worker only',
    project: 'worker',
    hasPackages: false,
    services: { thumbnails: 'worker' },
    worktrees: 1,
  },
];
