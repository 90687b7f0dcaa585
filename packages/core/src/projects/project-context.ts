import { existsSync } from 'node:fs';
import { showPath } from '../errors/quote.ts';
import { findGitBranch } from './git-branch.ts';

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

/** `/home/ada/shop (branch main)`, `/home/ada/old (directory is gone)`. */
export function describeProject({ projectDir, branch, isDirectoryGone }: ProjectContext): string {
  const note = isDirectoryGone ? 'directory is gone' : branch === null ? undefined : `branch ${showPath(branch)}`;
  return `${showPath(projectDir)}${note === undefined ? '' : ` (${note})`}`;
}
