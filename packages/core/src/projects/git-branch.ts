import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { directoriesUpwards, findGitRoot } from './project-path.ts';

/** As git abbreviates a commit in a small repository. */
const shortCommitLength = 7;

/** What stands in HEAD where the branches are in a reftable, which only git can read. */
const reftableStub = '.invalid';

/**
 * The branch that is checked out where this directory is, a short commit when none is; undefined outside of git. Read from
 * `.git`, be it a directory or the file of a linked worktree or a submodule: no git is started.
 */
export function findGitBranch(dir: string): string | undefined {
  try {
    const root = findGitRoot(directoriesUpwards(dir));
    return root === undefined ? undefined : branchIn(readSmall(join(gitDirOf(root), 'HEAD')).trim());
  } catch {
    return undefined; // gone, not readable, or no repository after all
  }
}

function gitDirOf(root: string): string {
  const marker = join(root, '.git');
  if (statSync(marker).isDirectory()) return marker;
  return resolve(root, /^gitdir: (.+)$/m.exec(readSmall(marker))?.[1]?.trimEnd() ?? '.git');
}

function branchIn(head: string): string | undefined {
  const ref = /^ref: (?:refs\/heads\/)?(.+)$/.exec(head)?.[1];
  if (ref !== undefined) return ref === reftableStub ? undefined : ref;
  return /^[0-9a-f]{40,64}$/.test(head) ? head.slice(0, shortCommitLength) : undefined;
}

/** Whatever somebody has put there, reading it must not wait. */
function readSmall(path: string): string {
  if (!statSync(path).isFile()) throw new Error('not a file');
  return readFileSync(path, 'utf8');
}
