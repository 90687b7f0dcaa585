import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { describeProject, findGitBranch, readBrowserDomain, readProjectContext } from './project-context.ts';

const commit = '8f3c21d0b7a94e55c1f2a6d09e8b7c6a5d4e3f21';

/** Writes files as git does, in a new temporary directory. */
function files(contents: Readonly<Record<string, string>>): string {
  const root = realpathSync(temporaryDirectory());
  for (const [path, text] of Object.entries(contents)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test.each([
  ['ref: refs/heads/main\n', 'main'],
  ['ref: refs/heads/ada/fix-login\n', 'ada/fix-login'],
  ['ref: refs/remotes/origin/main\n', 'refs/remotes/origin/main'],
  [`${commit}\n`, '8f3c21d'],
  ['ref: refs/heads/.invalid\n', undefined],
  ['', undefined],
  ['nonsense', undefined],
])('the branch of a HEAD %j is %s', (head, branch) => {
  const root = files({ 'shop/.git/HEAD': head, 'shop/apps/api/package.json': '{}' });
  expect(findGitBranch(join(root, 'shop'))).toBe(branch);
  expect(findGitBranch(join(root, 'shop/apps/api'))).toBe(branch);
});

test('a linked worktree has its own branch, not that of the main checkout', () => {
  const root = files({
    'shop/.git/HEAD': 'ref: refs/heads/main\n',
    'shop/.git/worktrees/fix/HEAD': 'ref: refs/heads/fix\n',
    'shop/.git/worktrees/fix/commondir': '../..\n',
    'shop/.git/worktrees/moved/HEAD': 'ref: refs/heads/moved\n',
    'shop/.git/worktrees/moved/commondir': '../..\n',
    'shop/trees/moved/.git': 'gitdir: ../../.git/worktrees/moved\n',
    'shop/trees/broken/.git': 'gitdir: /nowhere/.git/worktrees/broken\n',
  });
  mkdirSync(join(root, 'fix'));
  writeFileSync(join(root, 'fix/.git'), `gitdir: ${root}/shop/.git/worktrees/fix\n`);
  expect(findGitBranch(join(root, 'fix'))).toBe('fix');
  expect(findGitBranch(join(root, 'shop/trees/moved'))).toBe('moved');
  expect(findGitBranch(join(root, 'shop/trees/broken'))).toBeUndefined();
  expect(findGitBranch(join(root, 'shop'))).toBe('main');
});

describe('the domain of a project', () => {
  /** A repository with linked worktrees, each with the content of its HEAD. */
  function repository(name: string, main: string, heads: Readonly<Record<string, string>>): string {
    const linked = Object.entries(heads).flatMap(([dir, head]) => [
      [`${name}/.git/worktrees/${dir}/HEAD`, head],
      [`${name}/.git/worktrees/${dir}/commondir`, '../..\n'],
      [`${name}/.git/worktrees/${dir}/gitdir`, `../../../../${dir}/.git\n`],
      [`${dir}/.git`, `gitdir: ../${name}/.git/worktrees/${dir}\n`],
    ]);
    return files({ [`${name}/.git/HEAD`]: main, ...Object.fromEntries(linked) });
  }
  const branch = (name: string) => `ref: refs/heads/${name}\n`;

  test('is the branch and the repository, in the main checkout and in linked worktrees', () => {
    const root = repository('Shop', branch('main'), { one: branch('fix/login'), two: `${commit}\n` });
    mkdirSync(join(root, 'one/apps/web'), { recursive: true });
    expect(readBrowserDomain(join(root, 'Shop'))).toBe('main.shop.localhost');
    expect(readBrowserDomain(join(root, 'one'))).toBe('fix-login.shop.localhost');
    expect(readBrowserDomain(join(root, 'one/apps/web'))).toBe('fix-login.shop-apps-web.localhost');
    expect(readBrowserDomain(join(root, 'two'))).toBe('two.shop.localhost');
  });

  test('differs from that of a checkout whose directory is named like the branch', () => {
    const root = repository('fix-a', `${commit}\n`, { b: branch('fix/a') });
    expect(readBrowserDomain(join(root, 'fix-a'))).toBe('fix-a.fix-a.localhost');
    expect(readBrowserDomain(join(root, 'b'))).toMatch(/^fix-a-[0-9a-f]{8}\.fix-a\.localhost$/);
  });

  test('differs between all checkouts of a repository', () => {
    const heads = { b: branch('fix-a'), c: branch('Fix/A'), 'fix-a': `${commit}\n`, 'fix.a': `${commit}\n` };
    const root = repository('shop', branch('fix/a'), heads);
    const domains = ['shop', ...Object.keys(heads)].map((dir) => readBrowserDomain(join(root, dir)));
    expect(domains[1]).toBe('fix-a.shop.localhost');
    expect(new Set(domains).size).toBe(5);
    for (const domain of domains) expect(domain).toMatch(/^fix-a(?:-[0-9a-f]{8})?\.shop\.localhost$/);
  });

  test.each([
    ['shop.git/HEAD', 'shop.git'],
    ['shop/.bare/HEAD', 'shop/.bare'],
  ])('has the name of a bare repository (%s)', (head, bare) => {
    const root = files({
      [head]: branch('main'),
      [`${bare}/worktrees/x/HEAD`]: branch('main'),
      [`${bare}/worktrees/x/commondir`]: '../..\n',
      [`${bare}/worktrees/x/gitdir`]: '/nowhere/x/.git\n',
    });
    mkdirSync(join(root, 'x'));
    writeFileSync(join(root, 'x/.git'), `gitdir: ${root}/${bare}/worktrees/x\n`);
    expect(readBrowserDomain(join(root, 'x'))).toBe('main.shop.localhost');
  });

  test('outside git, and in a directory that no longer exists, is the name of the directory twice', () => {
    const root = files({ 'My Notes/a.txt': '' });
    expect(readBrowserDomain(join(root, 'My Notes'))).toBe('my-notes.my-notes.localhost');
    expect(readBrowserDomain(join(root, 'gone'))).toBe('gone.gone.localhost');
  });
});

test('there is no branch outside git or for a missing directory', () => {
  const root = files({ 'notes/a.txt': '', 'shop/.git/HEAD': 'ref: refs/heads/main\n' });
  expect(findGitBranch(join(root, 'notes'))).toBeUndefined();
  expect(readProjectContext(join(root, 'shop/gone'))).toEqual({
    projectDir: join(root, 'shop/gone'),
    branch: null,
    isDirectoryGone: true,
  });
});

test('describes a project with its branch on one line', () => {
  const context = { projectDir: '/home/ada/shop', branch: null, isDirectoryGone: false };
  expect(describeProject(context)).toBe('/home/ada/shop');
  expect(describeProject({ ...context, branch: 'main' })).toBe('/home/ada/shop (branch main)');
  expect(describeProject({ ...context, branch: 'a\nb' })).toBe('/home/ada/shop (branch a\\u000ab)');
  expect(describeProject({ ...context, isDirectoryGone: true })).toBe('/home/ada/shop (directory no longer exists)');
});
