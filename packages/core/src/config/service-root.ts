import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { InvalidServiceRootError, ServiceRootMissingError, ServiceRootOutsideProjectError } from './errors.ts';

/** What is wrong with the text of a root, as "must …"; does not check the directory. */
export function findServiceRootProblem(root: string): string | undefined {
  if (root.trim() === '') return 'must not be empty';
  if (root.includes('\0')) return 'must not contain null characters';
  return undefined;
}

function isInside(directory: string, path: string): boolean {
  const relativePath = relative(directory, path);
  return relativePath !== '..' && !relativePath.startsWith('../') && !isAbsolute(relativePath);
}

/** The number of consecutive links that Linux follows. */
const maxLinks = 40;

/** Resolves symbolic links in the existing part of a path. A broken link resolves to its missing target. */
async function realPathSoFar(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if (parent === path) throw error;
    const realParent = await realPathSoFar(parent, links);
    const target = links < maxLinks ? await readlink(path).catch(() => undefined) : undefined;
    return target === undefined
      ? join(realParent, basename(path))
      : realPathSoFar(resolve(realParent, target), links + 1);
  }
}

/** Whether a root is a relative path inside the project, with symbolic links resolved in the existing part. */
export async function isRootInsideProject(projectDir: string, root: string): Promise<boolean> {
  if (isAbsolute(root)) return false;
  return isInside(await realPathSoFar(projectDir), await realPathSoFar(resolve(projectDir, root)));
}

/**
 * Returns the root if it is valid. The directory need not exist yet.
 * @throws InvalidServiceRootError, ServiceRootOutsideProjectError
 */
export async function parseServiceRoot(projectDir: string, root: string): Promise<string> {
  const problem = findServiceRootProblem(root);
  if (problem !== undefined) throw new InvalidServiceRootError(root, problem);
  if (!(await isRootInsideProject(projectDir, root))) throw new ServiceRootOutsideProjectError(root, projectDir);
  return root;
}

/**
 * The existing directory in which a service starts: an absolute path with symbolic links resolved.
 * @throws InvalidServiceRootError, ServiceRootOutsideProjectError, ServiceRootMissingError
 */
export async function resolveServiceRoot(projectDir: string, root = '.'): Promise<string> {
  await parseServiceRoot(projectDir, root);
  const path = resolve(projectDir, root);
  const found = await stat(path).catch(async (error: NodeJS.ErrnoException) => {
    const isLink = error.code === 'ENOENT' && (await lstat(path).catch(() => undefined)) !== undefined;
    const reason = isLink ? 'is a broken symbolic link' : missingReasons[error.code ?? ''];
    throw new ServiceRootMissingError(root, projectDir, reason ?? 'cannot be used', error);
  });
  if (!found.isDirectory()) throw new ServiceRootMissingError(root, projectDir, 'is not a directory');
  return realpath(path);
}

const missingReasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'cannot exist: part of its path is a file',
  ENAMETOOLONG: 'cannot exist: its name is too long',
  EACCES: 'cannot be entered: permission denied',
  ELOOP: 'is a symbolic link to itself',
};
