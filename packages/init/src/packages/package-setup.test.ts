import { describe, expect, test } from 'vitest';
import { memoryFiles } from '../../test/memory-files.ts';
import { findPackages } from './find-packages.ts';

const app = { scripts: { dev: 'vite' }, dependencies: { vite: '8' } };

describe('the setup', () => {
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
