import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ProjectNotADirectoryError } from './errors.ts';

/** A path with its symbolic links resolved; of one that is gone, the part that is still there is resolved. */
export interface ProjectPath {
  readonly dir: string;
  readonly exists: boolean;
}

/**
 * One directory is one project, by whatever path it was reached. `path` is absolute.
 * @throws ProjectNotADirectoryError
 */
export function resolveProjectPath(path: string): ProjectPath {
  const resolved = resolveLinks(path);
  if (resolved.exists && !statSync(resolved.dir).isDirectory()) throw new ProjectNotADirectoryError(path);
  return resolved;
}

/** The same of a path that need be no directory. */
export function resolveLinks(path: string): ProjectPath {
  const missing: string[] = [];
  for (let current = path; ; current = dirname(current)) {
    if (existsSync(current) || current === dirname(current)) {
      return { dir: join(realpathSync.native(current), ...missing), exists: missing.length === 0 };
    }
    missing.unshift(basename(current));
  }
}

/** `dir` and the directories above it, nearest first, but never out of a linked git worktree. */
export function directoriesUpwards(dir: string): string[] {
  const dirs: string[] = [];
  for (let current = dir; ; current = dirname(current)) {
    dirs.push(current);
    if (current === dirname(current) || isLinkedWorktree(current)) return dirs;
  }
}

/** The directories of the path that are gone, nearest first. */
export function vanishedDirectories(dir: string): string[] {
  const dirs: string[] = [];
  for (let current = dir; !existsSync(current); current = dirname(current)) dirs.push(current);
  return dirs;
}

/** The root of the git work tree: the nearest directory that holds `.git`, be it a directory or a file. */
export function findGitRoot(dirs: readonly string[]): string | undefined {
  return dirs.find((dir) => lstatSync(join(dir, '.git'), { throwIfNoEntry: false }) !== undefined);
}

/** Git writes a file `.git` that points into the main checkout's `.git/worktrees/`. */
function isLinkedWorktree(dir: string): boolean {
  const marker = join(dir, '.git');
  if (!lstatSync(marker, { throwIfNoEntry: false })?.isFile()) return false;
  const gitDir = /^gitdir: (.*\/worktrees\/[^/\n]+?)\/?\s*$/m.exec(readMarker(marker))?.[1];
  return gitDir !== undefined && !isSubmodule(resolve(dir, gitDir));
}

/** A submodule at `worktrees/x` looks alike. Git notes where a worktree's main checkout is; that may be gone, though. */
function isSubmodule(gitDir: string): boolean {
  return existsSync(gitDir) && !existsSync(join(gitDir, 'commondir'));
}

function readMarker(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
