import { basename, dirname, join, relative, resolve } from 'node:path';
import { directoriesUpwards, findConfigEntry, findGitRoot, gitDirOf } from '@candle/core/projects';
import { readSmallFile } from '@candle/core/system';

/** The configuration of the same directory in the main checkout, if the directory is in a linked git worktree. */
export function findMainConfig(projectDir: string): string | undefined {
  const workTree = findGitRoot(directoriesUpwards(projectDir));
  const mainTree = workTree && findMainTree(workTree);
  return mainTree === undefined || workTree === undefined
    ? undefined
    : findConfigEntry(join(mainTree, relative(workTree, projectDir)));
}

/** Git writes the path of the common directory, which is the `.git` of the main checkout, unless that is bare. */
function findMainTree(workTree: string): string | undefined {
  const gitDir = gitDirOf(workTree);
  if (gitDir === undefined) return undefined;
  try {
    const common = resolve(gitDir, readSmallFile(join(gitDir, 'commondir')).trim());
    return basename(common) === '.git' ? dirname(common) : undefined;
  } catch {
    return undefined;
  }
}
