import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packWorkspacePackage } from '../../registry/publish.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const repository = join(import.meta.dirname, '../../..');

const publicPackages = ['apps', 'packages', 'examples']
  .flatMap((folder) => readdirSync(join(repository, folder)).map((name) => join(folder, name)))
  .filter((path) => JSON.parse(readFileSync(join(repository, path, 'package.json'), 'utf8')).private !== true);

interface Unpacked {
  readonly directory: string;
  readonly files: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
  readonly manifest: any;
}

/** Packs and unpacks a package as it would be published. */
async function unpacked(path: string): Promise<Unpacked> {
  const root = temporaryDirectory();
  const into = join(root, 'tarball');
  mkdirSync(into);
  execFileSync('tar', ['-xzf', await packWorkspacePackage(join(repository, path), into), '-C', root]);
  const directory = join(root, 'package');
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) =>
    statSync(join(directory, file)).isFile(),
  );
  return { directory, files, manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) };
}

test('only the CLI, the packages for plugin authors and one plugin are public', () => {
  const known = ['apps/cli', 'packages/cli-kit', 'packages/create-plugin', 'examples/plugin-hosts'];
  expect(publicPackages).toEqual(expect.arrayContaining(known.slice(0, 2)));
  expect(publicPackages.filter((path) => !known.includes(path))).toEqual([]);
});

describe.each(publicPackages)('the tarball of %s', (path) => {
  test('contains a license and a README, and no development files', async () => {
    const { files } = await unpacked(path);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json']));
    const development = /^(src|test|scripts)\/|\.test\.|\.map$|\.tsbuildinfo$|^tsconfig|^vitest|\.turbo|(?<!\.d)\.ts$/;
    expect(files.filter((file) => development.test(file) && !file.startsWith('template/'))).toEqual([]);
  });

  test('has a description and an engines range, and depends only on published versions', async () => {
    const { manifest } = await unpacked(path);
    expect(manifest).toMatchObject({
      description: expect.any(String),
      license: 'MIT',
      type: 'module',
      engines: { node: '>=22.18' },
      publishConfig: { access: 'public' },
    });
    expect(manifest.private).toBeUndefined();
    const { dependencies = {}, peerDependencies = {}, optionalDependencies = {} } = manifest;
    const ranges = Object.entries({ ...dependencies, ...peerDependencies, ...optionalDependencies });
    expect(ranges.filter(([, range]) => /^(workspace|catalog|file|link):/.test(String(range)))).toEqual([]);
    const candlePackages = ranges.map(([name]) => name).filter((name) => name.startsWith('@candle/'));
    // All other Candle packages are bundled. A plugin depends on cli-kit, as every plugin does.
    expect(candlePackages.filter((name) => !(path.startsWith('examples/') && name === '@candle/cli-kit'))).toEqual([]);
  });

  test('contains every file that its package.json lists', async () => {
    const { files, manifest } = await unpacked(path);
    const { exports = {}, bin = {} } = manifest;
    const named = JSON.stringify([exports, bin]).match(/\.\/[^"]+\.\w+/g) ?? [];
    expect(named.filter((file) => !files.includes(file.replace('./', '')))).toEqual([]);
  });
});

test('the CLI contains only its bin, bundle, manifest, pages and completions, less than 3.8 MB in total', async () => {
  const { directory, files, manifest } = await unpacked('apps/cli');
  const known =
    /^(bin\/(run|start)\.js|agents\/(passage|skill)\.md|dist\/docs\/((guides|reference)\/)?[\w-]+\.md|dist\/(supervisor|event-runner)\.js|dist\/((commands|hooks|chunks|quick)\/([\w-]+\/)*)?[\w-]+\.cjs|dist\/completions\/(bash|zsh|fish)|dist\/help\.json|dist\/THIRD-PARTY-LICENSES\.txt|(oclif\.manifest|config\.schema)\.json|package\.json|README\.md|LICENSE)$/;
  expect(files.filter((file) => !known.test(file))).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining(['dist/main.cjs', 'dist/supervisor.js', 'oclif.manifest.json', 'config.schema.json']),
  );
  expect(manifest).toMatchObject({ os: ['linux', 'darwin'], bin: { candle: './bin/run.js' } });
  const bytes = files.reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
  expect(bytes).toBeLessThan(3_800_000);
});

test('the CLI contains the licenses of its bundled packages', async () => {
  const { directory } = await unpacked('apps/cli');
  const licenses = readFileSync(join(directory, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of ['@oclif/core', '@bomb.sh/tab', 'drizzle-orm', 'execa', 'valibot', 'zod'])
    expect(licenses).toMatch(new RegExp(`^${name} \\d`, 'm'));
});
