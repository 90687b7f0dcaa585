import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { showPath } from '../errors/quote.ts';
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
  try {
    const root = findGitRoot(directoriesUpwards(dir));
    const gitDir = root && (statSync(join(root, '.git')).isDirectory() ? join(root, '.git') : gitDirOf(root));
    return gitDir === undefined ? undefined : branchIn(readSmallFile(join(gitDir, 'HEAD')).trim());
  } catch {
    return undefined; // missing, not readable, or not a repository after all
  }
}

function branchIn(head: string): string | undefined {
  const ref = /^ref: (?:refs\/heads\/)?(.+)$/.exec(head)?.[1];
  if (ref !== undefined) return ref === reftableStub ? undefined : ref;
  return /^[0-9a-f]{40,64}$/.test(head) ? head.slice(0, shortCommitLength) : undefined;
}
