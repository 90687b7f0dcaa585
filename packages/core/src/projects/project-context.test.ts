import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../../test/temporary-candle.ts';
import { describeProject, findGitBranch, readProjectContext } from './project-context.ts';

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
