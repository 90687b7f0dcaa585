import { expect, test } from 'vitest';
import { findInstaller } from './installs.ts';

test.each([
  ['npm ci', 'npm'],
  [' npm  install ', 'npm'],
  ['npm ci --no-audit --loglevel=error', 'npm'],
  ['pnpm install --frozen-lockfile', 'pnpm'],
  ['yarn', 'Yarn'],
  ['yarn install --immutable', 'Yarn'],
])('%j only installs dependencies, with %s', (shell, name) => {
  expect(findInstaller(shell)?.name).toBe(name);
});

test.each(['npm ci && npm run build', 'npm install vite', 'npm run build', 'yarn dev', 'cd web; pnpm install', 'make'])(
  '%j does something else, or more',
  (shell) => {
    expect(findInstaller(shell)).toBeUndefined();
  },
);
