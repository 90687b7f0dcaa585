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
  if (checkout === undefined) return domainOf(projectDir, [projectDir], basename(projectDir));
  const { root, gitDir } = checkout;
  const shared = orUndefined(() => resolve(gitDir, readSmallFile(join(gitDir, 'commondir')).trim()));
  const own = idOf(checkout);
  // Candle reads these small files at each start; a repository has few checkouts.
  const others = listCheckouts(shared ?? gitDir).map(idOf);
  const repository = shared === undefined ? basename(root) : repositoryName(shared);
  return domainOf(own, [own, ...others], join(repository, relative(root, projectDir)));
}

/** `project`: the repository, and the path of the project in it. */
function domainOf(own: string, checkouts: readonly string[], project: string): string {
  const branch = labelsFor(checkouts, (id) => (isAbsolute(id) ? basename(id) : id)).get(own);
  return `${branch}.${labelsFor([project]).get(project)}.localhost`;
}

/** Its branch, which git checks out only once, or else its directory. */
function idOf({ root, gitDir }: Checkout): string {
  return orUndefined(() => readHead(gitDir).branch) ?? root;
}

/** The main checkout and the linked worktrees of a repository. A bare repository counts too, although it has no files. */
function listCheckouts(shared: string): readonly Checkout[] {
  const linked = join(shared, 'worktrees');
  const worktrees = (orUndefined(() => readdirSync(linked)) ?? []).flatMap((name) => {
    const gitDir = join(linked, name);
    const marker = orUndefined(() => readSmallFile(join(gitDir, 'gitdir')).trim());
    return marker === undefined ? [] : [{ root: dirname(resolve(gitDir, marker)), gitDir }];
  });
  return [{ root: dirname(shared), gitDir: shared }, ...worktrees];
}

/** The directory of the main checkout, or the name of a bare repository: `shop` for `shop/.git`, `shop/.bare` and `shop.git`. */
function repositoryName(shared: string): string {
  const name = basename(shared);
  return name.startsWith('.') ? basename(dirname(shared)) : name.replace(/\.git$/, '');
}
