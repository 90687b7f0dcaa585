import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startRegistry } from '../registry/start-registry.ts';
import { sandbox } from '../test/sandbox.ts';
import { copyOfRepository } from './copy-of-repository.ts';
import { globalInstall } from './global-install.ts';

const isPublic = (manifest: { private?: boolean }) => manifest.private !== true;

test('changesets makes two releases, with one version for all packages, changelogs, tags, and an installable CLI', async () => {
  const registry = await startRegistry();
  onTestFinished(() => registry.close());
  const box = sandbox();
  const copy = await copyOfRepository(box, registry);
  const directories = ['apps', 'packages', 'examples'].flatMap((folder) =>
    readdirSync(join(copy.root, folder)).map((name) => `${folder}/${name}`),
  );
  const publicOnes = directories.filter((path) => isPublic(copy.json(`${path}/package.json`)));
  const names = publicOnes.map((path): string => copy.json(`${path}/package.json`).name).sort();

  // This changeset makes sure that there is at least one.
  note(copy.root, 'first', 'minor');
  const first = await release();
  expect(new Set(publicOnes.map((path) => copy.json(`${path}/package.json`).version))).toEqual(new Set([first]));
  expect(readdirSync(join(copy.root, '.changeset')).filter((name) => name.endsWith('.md'))).toEqual([]);
  const changelog = readFileSync(join(copy.root, 'apps/cli/CHANGELOG.md'), 'utf8');
  expect(changelog).toContain(`## ${first}\n\n### Minor Changes\n\n- `);
  expect(changelog).toContain('\n- The first release.\n');
  expect(await tags()).toEqual(names.map((name) => `${name}@${first}`).sort());
  expect(await versionOf('@candle/cli')).toMatchObject({ 'dist-tags': { latest: first } });

  note(copy.root, 'second', 'patch');
  const second = await release();
  expect(second).not.toBe(first);
  for (const name of names) {
    const packument = await versionOf(name);
    expect(Object.keys(packument.versions)).toEqual([first, second]);
    expect(packument.versions[second].repository.url).toBe('git+https://github.com/ada/candle.git');
    expect(JSON.stringify(packument.versions[second].dependencies ?? {})).not.toMatch(/workspace:|catalog:/);
  }
  expect(await statusOf('@candle/core')).toBe(404);

  const installed = globalInstall(box, registry.env);
  const { exitCode, stderr } = await installed.npm('install', '@candle/cli');
  expect(exitCode, stderr).toBe(0);
  expect((await installed.candle(['--version'])).stdout).toMatch(new RegExp(`^@candle/cli/${second} `));

  // A release with nothing to publish is not a failure.
  expect(await copy.run('pnpm', 'run', 'release')).toMatchObject({ exitCode: 0 });

  // Without these settings, it would publish to the public registry.
  rmSync(join(copy.root, '.npmrc'));
  expect(await copy.run('env', '-u', 'npm_config_userconfig', 'pnpm', 'run', 'release')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('is not on the loopback interface'),
  });

  async function release(): Promise<string> {
    const version = await copy.run('pnpm', 'exec', 'changeset', 'version');
    expect(version, version.stdout + version.stderr).toMatchObject({ exitCode: 0 });
    await copy.commit('Version');
    const published = await copy.run('pnpm', 'run', 'release');
    expect(published, published.stdout + published.stderr).toMatchObject({ exitCode: 0 });
    await copy.run('git', 'checkout', '--', '.');
    expect((await copy.run('git', 'status', '--porcelain')).stdout).toBe('');
    return copy.json('apps/cli/package.json').version;
  }

  async function tags(): Promise<string[]> {
    return (await copy.run('git', 'tag')).stdout.trim().split('\n').sort();
  }

  async function statusOf(name: string): Promise<number> {
    return (await fetch(`${registry.url}/${name}`)).status;
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
  async function versionOf(name: string): Promise<any> {
    return (await fetch(`${registry.url}/${name}`)).json();
  }
});

/** Writes a changeset as `changeset add` does, which works only on a terminal. */
function note(root: string, name: string, bump: 'minor' | 'patch'): void {
  writeFileSync(join(root, `.changeset/${name}.md`), `---\n"@candle/cli": ${bump}\n---\n\nThe ${name} release.\n`);
}
