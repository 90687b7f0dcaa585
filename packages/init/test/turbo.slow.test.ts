import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { findPackages } from '../src/packages/find-packages.ts';
import { projectFiles } from '../src/project-files.ts';

const turbo = join(import.meta.dirname, '../../../node_modules/turbo');
const projects: string[] = [];

afterEach(() => {
  for (const project of projects.splice(0)) rmSync(project, { recursive: true, force: true });
});

/** An npm workspace with turbo, whose app prints what it gets and needs the result of its library's build. */
function createProject(dependsOn: readonly string[], dev: string): string {
  const project = mkdtempSync(join(tmpdir(), 'candle-turbo-'));
  projects.push(project);
  const files = {
    'package.json': {
      name: 'shop',
      packageManager: 'npm@11.0.0',
      workspaces: ['apps/*', 'libs/*'],
      scripts: { dev: 'turbo run dev' },
    },
    'package-lock.json': { name: 'shop', lockfileVersion: 3, packages: {} },
    'turbo.json': { tasks: { build: { outputs: ['dist/**'] }, dev: { dependsOn, cache: false } } },
    'apps/web/package.json': { name: 'web', version: '1.0.0', dependencies: { lib: '*' }, scripts: { dev } },
    'apps/web/server.js': 'http.createServer().listen(process.env.PORT);',
    // Replaces Vite.
    'node_modules/.bin/vite': '#!/bin/sh\ntest -f ../../libs/lib/built && echo "ARGS $* PORT $PORT"\n',
    'libs/lib/package.json': {
      name: 'lib',
      version: '1.0.0',
      scripts: { build: 'touch built', dev: 'test $# = 0 && touch built' },
    },
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(project, path), text, { mode: 0o755 });
  }
  symlinkSync(turbo, join(project, 'node_modules/turbo'));
  symlinkSync('../turbo/bin/turbo', join(project, 'node_modules/.bin/turbo'));
  for (const each of ['apps/web', 'libs/lib']) symlinkSync(`../${each}`, join(project, 'node_modules', each.slice(5)));
  return project;
}

test.each([
  ['after the build of its library', ['^build'], 'vite', 'ARGS --port 4000 --strictPort PORT 4000'],
  ['after a task of the same name in its library', ['^dev'], 'vite', 'ARGS --port 4000 --strictPort PORT 4000'],
  ['although its script sets PORT', ['^build'], 'PORT=3000 vite-node server.js', 'PORT 4000'],
])('turbo starts the app %s, on the reserved port', async (_, dependsOn, dev, expected) => {
  const project = createProject(dependsOn, dev);
  writeFileSync(join(project, 'node_modules/.bin/vite-node'), '#!/bin/sh\necho "PORT $PORT"\n', { mode: 0o755 });
  const [web] = findPackages(projectFiles(project)).services.filter(({ isSelected }) => isSelected);
  const shell = (web?.service.shell ?? '').replaceAll('${port}', '4000');
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: '4000', TURBO_TELEMETRY_DISABLED: '1', TURBO_CACHE_DIR: join(project, '.cache') };
  const { stdout } = await promisify(execFile)('sh', ['-c', shell], {
    cwd: join(project, web?.service.root ?? ''),
    env,
    timeout: 120_000,
  });
  expect(stdout).toContain(expected);
});
