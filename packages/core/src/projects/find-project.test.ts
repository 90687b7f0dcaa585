import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { callerTrust, temporaryDirectory } from '../../test/temporary-candle.ts';
import type { Trust } from './config-trust.ts';
import { findProject, type Project } from './find-project.ts';

let base: string;
let home: string;

beforeEach(() => {
  base = realpathSync(temporaryDirectory());
  home = dir('home');
});

/** Creates a directory inside the test's temporary directory. */
function dir(...names: string[]): string {
  const path = join(base, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

function config(projectDir: string, name = '.candle.json'): string {
  writeFileSync(join(projectDir, name), '{}');
  return projectDir;
}

function git(cwd: string, ...args: string[]): void {
  const env = { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'protocol.file.allow=always'];
  execFileSync('git', [...identity, ...args], { cwd, env, stdio: 'pipe' });
}

/** Creates a repository with one commit, so that worktrees can be added. */
function repository(...names: string[]): string {
  const path = dir(...names);
  git(path, 'init', '--quiet');
  git(path, 'commit', '--quiet', '--allow-empty', '--message', 'first');
  return path;
}

function find(
  startDir: string,
  {
    known = [],
    allowNew = true,
    requireDirectory,
    trust = callerTrust,
  }: { known?: string[]; allowNew?: boolean; requireDirectory?: boolean; trust?: Trust } = {},
) {
  return findProject({
    startDir,
    home,
    allowNew,
    requireDirectory,
    trust,
    knownAmong: async (dirs) => known.filter((candidate) => dirs.includes(candidate)),
  });
}

const configured = (path: string): Project => ({ dir: path, foundBy: 'config' });
const known = (path: string): Project => ({ dir: path, foundBy: 'database' });
const fresh = (path: string): Project => ({ dir: path, foundBy: 'new' });

describe('rule 1: the project is the nearest directory upwards with a configuration', () => {
  test('finds it here or far above', async () => {
    const project = config(dir('project'));
    expect(await find(project)).toEqual(configured(project));
    expect(await find(dir('project', 'a', 'b', 'c'))).toEqual(configured(project));
  });

  test('prefers the nearer of two', async () => {
    config(dir('outer'));
    const inner = config(dir('outer', 'inner'));
    expect(await find(dir('outer', 'inner', 'src'))).toEqual(configured(inner));
  });

  test('accepts the older file name', async () => {
    const project = config(dir('project'), '.candle-setup.json');
    expect(await find(dir('project', 'src'))).toEqual(configured(project));
  });

  test('prefers it to a nearer directory in the database', async () => {
    const project = config(dir('project'));
    const nearer = dir('project', 'sub');
    expect(await find(nearer, { known: [nearer] })).toEqual(configured(project));
  });

  test('accepts one in the home directory', async () => {
    config(home);
    expect(await find(dir('home', 'src'))).toEqual(configured(home));
  });

  test('accepts one that cannot be read', async () => {
    const project = dir('project');
    mkdirSync(join(project, '.candle.json'));
    const linked = dir('linked');
    symlinkSync('/nowhere', join(linked, '.candle.json'));
    expect(await find(project)).toEqual(configured(project));
    expect(await find(linked)).toEqual(configured(linked));
  });

  test('does not query the database', async () => {
    const project = config(dir('project'));
    const knownAmong = () => Promise.reject(new Error('asked'));
    expect(await findProject({ startDir: project, home, allowNew: false, knownAmong, trust: callerTrust })).toEqual(
      configured(project),
    );
  });
});

describe('rule 2: otherwise it is the nearest directory upwards in the database', () => {
  test('finds it if the configuration is on another branch', async () => {
    const project = repository('project');
    const deep = dir('project', 'src', 'deep');
    expect(await find(deep, { known: [project, base], allowNew: false })).toEqual(known(project));
  });

  test('prefers it to the root of the work tree', async () => {
    repository('checkout');
    const app = dir('checkout', 'apps', 'web');
    expect(await find(dir('checkout', 'apps', 'web', 'src'), { known: [app] })).toEqual(known(app));
  });
});

describe('rule 3: otherwise, if a new project is allowed, it is the git work tree or the directory', () => {
  test('uses the root of the git work tree', async () => {
    const checkout = repository('checkout');
    expect(await find(dir('checkout', 'src', 'deep'))).toEqual(fresh(checkout));
  });

  test('uses the directory itself outside git', async () => {
    const here = dir('somewhere', 'here');
    expect(await find(here)).toEqual(fresh(here));
  });

  test('treats a submodule as a separate work tree', async () => {
    const library = repository('library');
    const checkout = repository('checkout');
    git(checkout, 'submodule', '--quiet', 'add', library, 'vendor/library');
    expect(await find(dir('checkout', 'vendor', 'library', 'src'))).toEqual(fresh(join(checkout, 'vendor/library')));
  });

  test('rejects the home directory', async () => {
    await expect(find(home)).rejects.toMatchObject({
      code: 'PROJECT_TOO_WIDE',
      message: `${home} is not used as a project by default, because everything below it would belong to it`,
    });
  });

  test('rejects a link to the home directory', async () => {
    symlinkSync(home, join(base, 'me'));
    await expect(find(join(base, 'me'))).rejects.toMatchObject({ code: 'PROJECT_TOO_WIDE' });
  });

  test('rejects the home directory if its configured path is a link', async () => {
    const real = dir('real-home');
    home = join(base, 'linked-home');
    symlinkSync(real, home);
    await expect(find(real)).rejects.toMatchObject({ code: 'PROJECT_TOO_WIDE' });
  });

  test('rejects the root directory', async () => {
    await expect(find('/')).rejects.toMatchObject({ code: 'PROJECT_TOO_WIDE' });
  });

  test('ignores a git repository in the home directory (dotfiles)', async () => {
    git(home, 'init', '--quiet');
    const here = dir('home', 'tools');
    expect(await find(here)).toEqual(fresh(here));
  });

  test('ignores a home that is not a directory', async () => {
    home = '/dev/null';
    const here = dir('here');
    expect(await find(here)).toEqual(fresh(here));
  });

  test('mentions .candle.json and candle init if a new project is not allowed', async () => {
    const here = dir('here');
    await expect(find(here, { allowNew: false })).rejects.toMatchObject({
      code: 'PROJECT_NOT_FOUND',
      message: `No .candle.json was found in ${here} or its parent directories`,
    });
  });
});

describe('rule 4: the search never leaves a linked worktree', () => {
  /** Creates a main checkout with a configuration that git ignores, and a worktree inside it. */
  function checkoutWithWorktree(): { main: string; worktree: string } {
    const main = config(repository('main'));
    const worktree = join(main, '.worktrees', 'topic');
    git(main, 'worktree', 'add', '--quiet', worktree);
    return { main, worktree };
  }

  test('ignores the configuration of the main checkout', async () => {
    const { worktree } = checkoutWithWorktree();
    expect(await find(dir('main', '.worktrees', 'topic', 'src'))).toEqual(fresh(worktree));
    await expect(find(worktree, { allowNew: false })).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
  });

  test('ignores the main checkout in the database', async () => {
    const { main, worktree } = checkoutWithWorktree();
    expect(await find(worktree, { known: [main] })).toEqual(fresh(worktree));
  });

  test("finds the worktree's own configuration and its own reservations", async () => {
    const { worktree } = checkoutWithWorktree();
    const deep = dir('main', '.worktrees', 'topic', 'src');
    expect(await find(deep, { known: [worktree] })).toEqual(known(worktree));
    config(worktree);
    expect(await find(deep)).toEqual(configured(worktree));
  });

  test('stays in the worktree after the main checkout was moved away', async () => {
    config(base);
    const main = repository('main');
    git(main, 'worktree', 'add', '--quiet', join(base, 'topic'));
    renameSync(main, join(base, 'moved'));
    expect(await find(join(base, 'topic'))).toEqual(fresh(join(base, 'topic')));
  });

  test('stays in a worktree that refers to its main checkout by a relative path', async () => {
    const { worktree } = checkoutWithWorktree();
    writeFileSync(join(worktree, '.git'), 'gitdir: ../../.git/worktrees/topic\n');
    expect(await find(worktree)).toEqual(fresh(worktree));
  });

  test('continues from a submodule to the main project', async () => {
    const library = repository('library');
    const main = config(repository('main'));
    git(main, 'submodule', '--quiet', 'add', library, 'vendor/library');
    expect(await find(join(main, 'vendor', 'library'))).toEqual(configured(main));
  });

  test('treats a submodule at worktrees/x as a submodule', async () => {
    const library = repository('library');
    const main = config(repository('main'));
    git(main, 'submodule', '--quiet', 'add', library, 'worktrees/x');
    expect(await find(join(main, 'worktrees', 'x'))).toEqual(configured(main));
  });

  test('treats a submodule of a worktree as part of the worktree', async () => {
    const library = repository('library');
    const { main, worktree } = checkoutWithWorktree();
    git(worktree, 'submodule', '--quiet', 'add', library, 'vendor');
    config(worktree);
    expect(await find(join(worktree, 'vendor'))).toEqual(configured(worktree));
    rmSync(join(worktree, '.candle.json'));
    expect(await find(join(worktree, 'vendor'), { known: [main] })).toEqual(fresh(join(worktree, 'vendor')));
  });
});

describe('rule 5: a directory is the same project by whichever path it is reached', () => {
  test('resolves symbolic links', async () => {
    const project = config(dir('project'));
    const deep = dir('project', 'src');
    symlinkSync(project, join(base, 'link'));
    symlinkSync(deep, join(base, 'shortcut'));
    expect(await find(join(base, 'link'))).toEqual(configured(project));
    expect(await find(join(base, 'link', 'src'))).toEqual(configured(project));
    expect(await find(join(base, 'shortcut'))).toEqual(configured(project));
  });

  test('resolves a link above a missing directory', async () => {
    const parent = dir('parent');
    symlinkSync(parent, join(base, 'link'));
    const gone = join(parent, 'gone');
    expect(await find(join(base, 'link', 'gone'), { known: [gone] })).toEqual(known(gone));
  });

  test('rejects a path that is not a directory', async () => {
    writeFileSync(join(base, 'file'), '');
    await expect(find(join(base, 'file'))).rejects.toMatchObject({
      code: 'PROJECT_NOT_A_DIRECTORY',
      message: `${base}/file is not a directory`,
    });
  });
});

describe('a configuration that another user can change', () => {
  /** A caller to whom nothing belongs except the given directories. */
  const stranger = (...dirs: string[]): Trust => ({ uids: [], dirs, recordedOwners: async () => [] });

  test('is found in the directory itself and up to the root of the work tree, so that reading it reports the owner', async () => {
    const project = config(repository('project'));
    const plain = config(dir('plain'));
    expect(await find(dir('project', 'src'), { trust: stranger() })).toEqual(configured(project));
    expect(await find(plain, { trust: stranger() })).toEqual(configured(plain));
  });

  test('is passed over above the work tree, in favour of a trusted one further up', async () => {
    const outer = config(dir('outer'));
    config(dir('outer', 'shared'));
    const clone = repository('outer', 'shared', 'clone');
    expect(await find(clone, { trust: stranger(outer) })).toEqual(configured(outer));
  });

  test('does not hide a project in the database', async () => {
    const shared = config(dir('shared'));
    const clone = repository('shared', 'clone');
    const problem = expect.objectContaining({ code: 'CONFIG_UNTRUSTED' });
    expect(await find(clone, { known: [clone], trust: stranger() })).toEqual({ ...known(clone), passedOver: problem });
    expect(await find(clone, { trust: stranger() })).toEqual({ ...fresh(clone), passedOver: problem });
    expect(await find(clone, { known: [shared], trust: stranger() })).toMatchObject(known(shared));
  });

  test('is reported if there is no other project', async () => {
    const shared = config(dir('shared'));
    const below = dir('shared', 'notes');
    await expect(find(below, { allowNew: false, trust: stranger() })).rejects.toMatchObject({
      code: 'PROJECT_NOT_FOUND',
      message: expect.stringContaining(`${shared}/.candle.json is not used, because it belongs to user `),
      hint: expect.stringContaining(`candle trust ${shared}`),
    });
  });

  test.skipIf(process.geteuid?.() !== 0)(
    'stays above the work tree if somebody else has created a .git beside it',
    async () => {
      const shared = config(dir('shared'));
      mkdirSync(join(shared, '.git'));
      const below = dir('shared', 'notes');
      expect(await find(below, { trust: stranger() })).toEqual(configured(shared));
      chownSync(join(shared, '.git'), 1002, 1002);
      expect(await find(below, { known: [below], trust: stranger() })).toMatchObject(known(below));
    },
  );
});

describe('a missing directory', () => {
  test('is found if it, or a missing directory above it, is in the database', async () => {
    const gone = join(base, 'gone');
    expect(await find(gone, { known: [gone], allowNew: false })).toEqual(known(gone));
    expect(await find(join(gone, 'src', 'deep'), { known: [gone] })).toEqual(known(gone));
  });

  test('is refused if the command works in it', async () => {
    const gone = join(base, 'gone');
    await expect(find(join(gone, 'src'), { known: [gone], requireDirectory: true })).rejects.toMatchObject({
      message: `The directory of the project, ${gone}, no longer exists`,
      hint: expect.stringContaining(`cd ${base}\n`),
    });
  });

  test('is never replaced by its parent', async () => {
    const parent = config(dir('parent'));
    const gone = join(parent, 'worktree');
    await expect(find(gone, { known: [parent] })).rejects.toMatchObject({
      code: 'PROJECT_GONE',
      message: `${gone} does not exist, and Candle knows no project at this path`,
    });
  });

  test('is found by its former path if it was a worktree', async () => {
    const main = config(repository('main'));
    const worktree = join(main, '.worktrees', 'topic');
    git(main, 'worktree', 'add', '--quiet', worktree);
    git(main, 'worktree', 'remove', worktree);
    expect(await find(join(worktree, 'src'), { known: [worktree, main] })).toEqual(known(worktree));
    await expect(find(worktree, { known: [main] })).rejects.toMatchObject({ code: 'PROJECT_GONE' });
  });

  test('includes a path below a file', async () => {
    writeFileSync(join(base, 'file'), '');
    await expect(find(join(base, 'file', 'x'))).rejects.toMatchObject({ code: 'PROJECT_GONE' });
  });
});

test('queries the database once, with each directory up to the root', async () => {
  const start = dir('a', 'b');
  const asked: string[][] = [];
  await findProject({
    startDir: start,
    home,
    allowNew: true,
    trust: callerTrust,
    knownAmong: async (dirs) => {
      asked.push([...dirs]);
      return [];
    },
  });
  const upwards: string[] = [];
  for (let current = start; ; current = dirname(current)) {
    upwards.push(current);
    if (current === '/') break;
  }
  expect(asked).toEqual([upwards]);
});

test('a .git file that is long or odd does not delay the search', async () => {
  const shared = dir('shared');
  const project = dir('shared', 'mine');
  writeFileSync(join(shared, '.git'), `gitdir: /worktrees/a${' '.repeat(200_000)}x/\n`);
  expect(await find(project)).toMatchObject({ foundBy: 'new' });
});

test.skipIf(process.geteuid?.() !== 0)('a .git of another user in a shared directory is not a work tree', async () => {
  const shared = dir('shared');
  const project = dir('shared', 'mine');
  mkdirSync(join(shared, '.git'));
  chownSync(join(shared, '.git'), 1002, 1002);
  expect(await find(project)).toEqual(fresh(project));
});
