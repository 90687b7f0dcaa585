import { existsSync } from 'node:fs';
import { showPath } from '../errors/quote.ts';
import { findGitBranch } from './git-branch.ts';

/** A project as people tell it from its other worktrees. */
export interface ProjectContext {
  readonly projectDir: string;
  /** The branch, or short commit, that is checked out there; null outside of git. */
  readonly branch: string | null;
  readonly isDirectoryGone: boolean;
}

/** Asks the file system, once for each project. */
export function readProjectContext(projectDir: string): ProjectContext {
  const isDirectoryGone = !existsSync(projectDir);
  return { projectDir, branch: isDirectoryGone ? null : (findGitBranch(projectDir) ?? null), isDirectoryGone };
}

/** `/home/ada/shop (branch main)`, `/home/ada/old (directory is gone)`. */
export function describeProject({ projectDir, branch, isDirectoryGone }: ProjectContext): string {
  const remark = isDirectoryGone ? 'directory is gone' : branch === null ? undefined : `branch ${showPath(branch)}`;
  return `${showPath(projectDir)}${remark === undefined ? '' : ` (${remark})`}`;
}
