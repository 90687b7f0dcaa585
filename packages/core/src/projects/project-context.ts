import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { showPath } from '../errors/quote.ts';
import { labelsFor } from '../services/service-url.ts';
import { readSmallFile } from '../system/read-small-file.ts';
import { directoriesUpwards, findGitRoot, gitDirOf } from './find-project.ts';

/** What distinguishes a project from its other worktrees for people. */
export interface ProjectContext {
  readonly projectDir: string;
  /** The branch or short commit that is checked out there; null outside git. */
  readonly branch: string | null;
  readonly isDirectoryGone: boolean;
}

/** Reads the file system; call it once per project. */
export function readProjectContext(projectDir: string): ProjectContext {
  const isDirectoryGone = !existsSync(projectDir);
  return { projectDir, branch: isDirectoryGone ? null : (findGitBranch(projectDir) ?? null), isDirectoryGone };
}

/** `/home/ada/shop (branch main)`, `/home/ada/old (directory no longer exists)`. */
export function describeProject({ projectDir, branch, isDirectoryGone }: ProjectContext): string {
  const note = isDirectoryGone
    ? 'directory no longer exists'
    : branch === null
      ? undefined
      : `branch ${showPath(branch)}`;
  return `${showPath(projectDir)}${note === undefined ? '' : ` (${note})`}`;
}

/** The length to which git abbreviates a commit in a small repository. */
const shortCommitLength = 7;

/** The content of HEAD if the branches are in a reftable, which only git can read. */
const reftableStub = '.invalid';

/**
 * The branch that is checked out in this directory, or the short commit if HEAD is detached; undefined outside git. It
 * is read from `.git` (a directory, or the file of a linked worktree or submodule) without running git.
 */
export function findGitBranch(dir: string): string | undefined {
  const head = orUndefined(() => {
    const checkout = findCheckout(dir);
    return checkout && readHead(checkout.gitDir);
  });
  return head?.branch ?? head?.commit?.slice(0, shortCommitLength);
}

/** A directory with files under version control, and its git directory. */
interface Checkout {
  readonly root: string;
  readonly gitDir: string;
}

function findCheckout(dir: string): Checkout | undefined {
  const root = findGitRoot(directoriesUpwards(dir));
  const gitDir = root && (statSync(join(root, '.git')).isDirectory() ? join(root, '.git') : gitDirOf(root));
  return root === undefined || gitDir === undefined ? undefined : { root, gitDir };
}

function readHead(gitDir: string): { readonly branch?: string | undefined; readonly commit?: string | undefined } {
  const head = readSmallFile(join(gitDir, 'HEAD')).trim();
  const branch = /^ref: (?:refs\/heads\/)?(.+)$/.exec(head)?.[1];
  if (branch !== undefined) return branch === reftableStub ? {} : { branch };
  return /^[0-9a-f]{40,64}$/.test(head) ? { commit: head } : {};
}

/** Undefined if a file is missing or not readable, or if this is not a repository after all. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * What the host names of the project's services end with: a label for the branch, one for the project, and `localhost`, such as
 * `fix-login.shop.localhost`. Without a branch, the name of the directory takes its place. The first label is unique among the
 * checkouts of the repository. Reads the file system, and does not run git.
 */
export function readBrowserDomain(projectDir: string): string {
  const checkout = orUndefined(() => findCheckout(projectDir));
  if (checkout === undefined) return domainOf(projectDir, [], basename(projectDir));
  const { root, gitDir } = checkout;
  const shared = orUndefined(() => resolve(gitDir, readSmallFile(join(gitDir, 'commondir')).trim()));
  const repository = shared === undefined ? basename(root) : repositoryName(shared);
  const others = shared === undefined ? listLinked(gitDir) : [shared, ...listLinked(shared)];
  const otherIds = others.filter((other) => basename(other) !== basename(gitDir)).flatMap((other) => idOf(other) ?? []);
  return domainOf(branchOf(gitDir) ?? root, otherIds, join(repository, relative(root, projectDir)));
}

/** `own` and `others`: the branches of checkouts, or their directories. `project`: the repository, and the path in it. */
function domainOf(own: string, others: readonly string[], project: string): string {
  const branch = labelsFor([own, ...others], (id) => (isAbsolute(id) ? basename(id) : id)).get(own);
  return `${branch}.${labelsFor([project]).get(project)}.localhost`;
}

/** The git directories of the linked worktrees. */
function listLinked(shared: string): readonly string[] {
  const linked = join(shared, 'worktrees');
  return (orUndefined(() => readdirSync(linked)) ?? []).map((name) => join(linked, name));
}

/** The branch of a checkout, which no other checkout has, or else its directory. Undefined if it is incomplete. */
function idOf(gitDir: string): string | undefined {
  const branch = branchOf(gitDir);
  if (branch !== undefined) return branch;
  if (basename(gitDir) === '.git') return dirname(gitDir);
  return orUndefined(() => dirname(resolve(gitDir, readSmallFile(join(gitDir, 'gitdir')).trim())));
}

function branchOf(gitDir: string): string | undefined {
  return orUndefined(() => readHead(gitDir).branch);
}

/** The directory of the main checkout, or the name of a bare repository: `shop` for `shop/.git`, `shop/.bare` and `shop.git`. */
function repositoryName(shared: string): string {
  const name = basename(shared);
  return name.startsWith('.') ? basename(dirname(shared)) : name.replace(/\.git$/, '');
}
