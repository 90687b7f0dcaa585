import { expect, test } from 'vitest';
import { isPackageRunner } from './runners.ts';

test.each([
  'npm run dev',
  'npm exec vite',
  'node /usr/lib/node_modules/npm/bin/npm-cli.js run dev',
  'node --no-warnings /usr/bin/npx vite',
  'node /usr/bin/pnpm dev',
  '/usr/bin/node /root/.cache/node/corepack/v1/pnpm/10.1.0/bin/pnpm.cjs dev',
  '/opt/pnpm run dev',
  'node /shop/.yarn/releases/yarn-4.9.1.cjs run dev',
  'node /usr/share/yarn/bin/yarn.js dev',
  'bun run dev',
  'bun --silent run dev:web',
  'bun dev',
  'bun x vite',
  'bunx vite',
  'node --run dev',
])('%s only runs another program', (commandLine) => {
  expect(isPackageRunner(commandLine)).toBe(true);
});

test.each([
  'node server.js',
  'node /shop/node_modules/.bin/vite',
  'node --watch npm-like.js',
  'bun server.ts',
  'bun run server.ts',
  'bun run ./src/server',
  'bun',
  'node',
  'next-server (v16.4.6)',
  'python3 npm',
  '',
])('%s is a program', (commandLine) => {
  expect(isPackageRunner(commandLine)).toBe(false);
});
