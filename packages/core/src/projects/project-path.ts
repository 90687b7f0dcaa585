import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ProjectNotADirectoryError } from './errors.ts';

/** A path with its symbolic links resolved. If the path is missing, the existing part of it is resolved. */
export interface ProjectPath {
  readonly dir: string;
  readonly exists: boolean;
}

/**
 * Resolves the absolute path of a project, so that a directory is the same project by whichever path it is reached.
 * @throws ProjectNotADirectoryError
 */
export function resolveProjectPath(path: string): ProjectPath {
  const resolved = resolveLinks(path);
  if (resolved.exists && !statSync(resolved.dir).isDirectory()) throw new ProjectNotADirectoryError(path);
  return resolved;
}

/** Like `resolveProjectPath`, for a path that need not be a directory. */
export function resolveLinks(path: string): ProjectPath {
  const missing: string[] = [];
  for (let current = path; ; current = dirname(current)) {
    if (existsSync(current) || current === dirname(current)) {
      return { dir: join(realpathSync.native(current), ...missing), exists: missing.length === 0 };
    }
    missing.unshift(basename(current));
  }
}

/** Lists `dir` and the directories above it, nearest first, up to the root of a linked git worktree. */
export function directoriesUpwards(dir: string): string[] {
  const dirs: string[] = [];
  for (let current = dir; ; current = dirname(current)) {
    dirs.push(current);
    if (current === dirname(current) || isLinkedWorktree(current)) return dirs;
  }
}

/** The missing directories of the path, nearest first. */
export function vanishedDirectories(dir: string): string[] {
  const dirs: string[] = [];
  for (let current = dir; !existsSync(current); current = dirname(current)) dirs.push(current);
  return dirs;
}

/** The root of the git work tree: the nearest directory that contains `.git`, which may be a directory or a file. */
export function findGitRoot(dirs: readonly string[]): string | undefined {
  return dirs.find((dir) => lstatSync(join(dir, '.git'), { throwIfNoEntry: false }) !== undefined);
}

/** In a linked worktree, `.git` is a file that points into the main checkout's `.git/worktrees/`. */
function isLinkedWorktree(dir: string): boolean {
  const marker = join(dir, '.git');
  if (!lstatSync(marker, { throwIfNoEntry: false })?.isFile()) return false;
  const gitDir = /^gitdir: (.*\/worktrees\/[^/\n]+?)\/?\s*$/m.exec(readMarker(marker))?.[1];
  return gitDir !== undefined && !isSubmodule(resolve(dir, gitDir));
}

/** A submodule at `worktrees/x` looks the same but has no `commondir`, which git writes for a worktree. The git directory of a worktree may no longer exist. */
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
