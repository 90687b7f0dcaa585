import { describe, expect, test } from 'vitest';
import { memoryFiles } from '../../test/memory-files.ts';
import { findPackages, isInstalled } from './find-packages.ts';

const app = { scripts: { dev: 'vite' }, dependencies: { vite: '8' } };

describe('the set-up', () => {
  test.each([
    [{ 'package-lock.json': {} }, 'npm ci', 'npm run dev -- '],
    [{ 'npm-shrinkwrap.json': {} }, 'npm ci', 'npm run dev -- '],
    [{ 'pnpm-lock.yaml': '' }, 'pnpm install --frozen-lockfile', 'pnpm run dev '],
    [{ 'yarn.lock': '# yarn lockfile v1' }, 'yarn install --frozen-lockfile', 'yarn run dev '],
    [{ 'yarn.lock': '__metadata:\n  version: 8' }, 'yarn install --immutable', 'yarn run dev '],
    [{ 'yarn.lock': '', '.yarnrc.yml': '' }, 'yarn install --immutable', 'yarn run dev '],
    [{ 'bun.lock': '' }, 'bun install --frozen-lockfile', 'bun run dev '],
    [{ 'bun.lockb': '' }, 'bun install --frozen-lockfile', 'bun run dev '],
  ])('of %j is "%s"', (lockfiles, run, start) => {
    const { setup, services } = findPackages(memoryFiles({ 'package.json': app, ...lockfiles }));
    expect(setup).toEqual({ run, inputs: [Object.keys(lockfiles)[0]] });
    expect(services[0]?.service.shell).toBe(`${start}--port \${port} --strictPort`);
  });

  test.each([
    [{}, 'npm install'],
    [{ packageManager: 'pnpm@10.0.0' }, 'pnpm install'],
    [{ packageManager: 'yarn@4.0.0' }, 'yarn install'],
    [{ devEngines: { packageManager: { name: 'bun' } } }, 'bun install'],
  ])('without a lockfile, with %j, is "%s" and depends on package.json', (more, run) => {
    const { setup } = findPackages(memoryFiles({ 'package.json': { ...app, ...more } }));
    expect(setup).toEqual({ run, inputs: ['package.json'] });
  });

  test('package.json decides between two lockfiles', () => {
    const files = {
      'package.json': { ...app, packageManager: 'npm@11.0.0' },
      'package-lock.json': {},
      'yarn.lock': '',
    };
    expect(findPackages(memoryFiles(files)).setup).toEqual({ run: 'npm ci', inputs: ['package-lock.json'] });
  });

  test('installs each directory that is not part of a workspace', () => {
    const files = {
      'package.json': {
        devDependencies: { concurrently: '9' },
        scripts: {
          dev: 'concurrently "npm:dev:*"',
          'dev:client': 'npm --prefix client run dev',
          'dev:server': 'cd server && npm run dev',
        },
      },
      'package-lock.json': {},
      'client/package.json': app,
      'client/yarn.lock': '',
      'server/package.json': app,
    };
    expect(findPackages(memoryFiles(files)).setup).toEqual({
      run: '(cd client && yarn install --frozen-lockfile) && (cd server && npm install)',
      inputs: ['client/yarn.lock', 'server/package.json'],
    });
  });

  test('is not needed without dependencies', () => {
    const files = {
      'package.json': { scripts: { dev: 'node server.js' } },
      'server.js': 'app.listen(process.env.PORT)',
    };
    expect(findPackages(memoryFiles(files)).setup).toBeUndefined();
  });
});

describe('the dependencies are installed', () => {
  const files = { 'package.json': app, 'package-lock.json': {}, 'node_modules/vite/package.json': {} };
  const marker = 'node_modules/.package-lock.json';

  test('if all direct ones exist, and the lockfile is older than the installation', () => {
    expect(isInstalled(memoryFiles(files, { 'package-lock.json': 1, [marker]: 2 }))).toBe(true);
  });

  test('if the package manager has written its lockfile last', () => {
    expect(isInstalled(memoryFiles(files, { 'package-lock.json': 900, [marker]: 2 }))).toBe(true);
  });

  test.each([
    ['the lockfile is newer', files, { 'package-lock.json': 20_000, [marker]: 2 }],
    ['nothing is installed', files, { 'package-lock.json': 1 }],
    [
      'a dependency is missing',
      { ...files, 'package.json': { ...app, dependencies: { vite: '8', react: '19' } } },
      { 'package-lock.json': 1, [marker]: 2 },
    ],
  ])('not if %s', (_, contents, times) => {
    expect(isInstalled(memoryFiles(contents, times))).toBe(false);
  });

  test('in a workspace if each dependency is in one of the two directories', () => {
    const workspace = {
      'package.json': { workspaces: ['apps/*'] },
      'pnpm-lock.yaml': '',
      'apps/web/package.json': app,
    };
    const times = { 'pnpm-lock.yaml': 1, 'node_modules/.modules.yaml': 2 };
    expect(isInstalled(memoryFiles(workspace, times))).toBe(false);
    expect(isInstalled(memoryFiles({ ...workspace, 'apps/web/node_modules/vite/x': '' }, times))).toBe(true);
    expect(isInstalled(memoryFiles({ ...workspace, 'node_modules/vite/x': '' }, times))).toBe(true);
  });

  test('with bun if node_modules is newer, because bun writes no other file', () => {
    const bun = { 'package.json': app, 'bun.lock': '', 'node_modules/vite/package.json': {} };
    expect(isInstalled(memoryFiles(bun, { 'bun.lock': 1, node_modules: 2 }))).toBe(true);
    expect(isInstalled(memoryFiles(bun, { 'bun.lock': 20_000, node_modules: 1 }))).toBe(false);
  });
});
