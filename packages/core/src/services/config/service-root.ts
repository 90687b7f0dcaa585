import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { InvalidServiceRootError, ServiceRootMissingError, ServiceRootOutsideProjectError } from './errors.ts';

/** What is wrong with the text of a root, as "must …"; says nothing about where it leads. */
export function findServiceRootProblem(root: string): string | undefined {
  if (root.trim() === '') return 'must not be empty';
  if (root.includes('\0')) return 'must not contain null characters';
  return undefined;
}

function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}

/** As many links in a row as Linux follows. */
const maxLinks = 40;

/** The path with symbolic links resolved as far as it exists; of a link that leads nowhere, where it would lead. */
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

/** Whether a relative root stays in the project, symbolic links resolved as far as the path exists. */
export async function isRootInsideProject(projectDir: string, root: string): Promise<boolean> {
  if (isAbsolute(root)) return false;
  return isInside(await realPathSoFar(projectDir), await realPathSoFar(resolve(projectDir, root)));
}

/**
 * The text of a root, checked but not yet looked for: it may be made later.
 * @throws InvalidServiceRootError, ServiceRootOutsideProjectError
 */
export async function parseServiceRoot(projectDir: string, root: string): Promise<string> {
  const problem = findServiceRootProblem(root);
  if (problem !== undefined) throw new InvalidServiceRootError(root, problem);
  if (!(await isRootInsideProject(projectDir, root))) throw new ServiceRootOutsideProjectError(root, projectDir);
  return root;
}

/**
 * The directory in which a service starts: absolute, symbolic links resolved, existing.
 * @throws InvalidServiceRootError, ServiceRootOutsideProjectError, ServiceRootMissingError
 */
export async function resolveServiceRoot(projectDir: string, root = '.'): Promise<string> {
  await parseServiceRoot(projectDir, root);
  const path = resolve(projectDir, root);
  const found = await stat(path).catch(async (error: NodeJS.ErrnoException) => {
    const isLink = error.code === 'ENOENT' && (await lstat(path).catch(() => undefined)) !== undefined;
    const reason = isLink ? 'is a symbolic link that leads nowhere' : missingReasons[error.code ?? ''];
    throw new ServiceRootMissingError(root, projectDir, reason ?? 'cannot be used', error);
  });
  if (!found.isDirectory()) throw new ServiceRootMissingError(root, projectDir, 'is not a directory');
  return realpath(path);
}

const missingReasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'cannot exist: a part of its path is a file',
  ENAMETOOLONG: 'cannot exist: its name is too long',
  EACCES: 'cannot be entered: permission denied',
  ELOOP: 'is a symbolic link that leads to itself',
};
