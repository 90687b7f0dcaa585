import { realpathSync } from 'node:fs';
import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type DirectoryIdentity, openDirectory, openSameDirectory } from '../projects/config-trust.ts';
import { DirectoryReplacedError } from '../projects/errors.ts';
import {
  InvalidServiceNameError,
  InvalidServiceRootError,
  InvalidServiceShellError,
  ServiceRootMissingError,
  ServiceRootOutsideProjectError,
} from './service-errors.ts';

/** The service name of the runs of a setup. */
export const setupName = 'setup';

const maxNameLength = 100;

interface NameRule {
  readonly broken: (name: string) => boolean;
  readonly problem: string;
}

/** Only the first broken rule is reported, so the order is by usefulness to the user. */
const rules: readonly NameRule[] = [
  { broken: (name) => name === '', problem: 'must not be empty' },
  { broken: (name) => [...name].length > maxNameLength, problem: `must be at most ${maxNameLength} characters long` },
  { broken: (name) => /\p{Cc}/u.test(name), problem: 'must not contain control characters' },
  { broken: (name) => /[\p{Zl}\p{Zp}]/u.test(name), problem: 'must be a single line' },
  {
    // Node replaces invalid UTF-8 in arguments with U+FFFD, so that different names could become equal.
    broken: (name) => /[\p{Cs}\ufffd]/u.test(name),
    problem: 'must be valid Unicode text',
  },
  {
    // With such characters, a terminal could show a different name.
    broken: (name) => /[\u202a-\u202e\u2066-\u2069]/u.test(name),
    problem: 'must not contain characters that change the direction of text',
  },
  { broken: (name) => name !== name.trim(), problem: 'must not begin or end with white space' },
  {
    broken: (name) => /^[\p{Default_Ignorable_Code_Point}\p{Z}]*$/u.test(name),
    problem: 'must contain a visible character',
  },
  { broken: (name) => name.startsWith('-'), problem: "must not begin with '-'" },
  {
    broken: (name) => name.split(/[/\\]/).some((segment) => segment === '.' || segment === '..'),
    problem: "must not contain '.' or '..' as a path segment",
  },
];

/** What is wrong with a service name, as "must …"; undefined for a valid name. */
export function findServiceNameProblem(name: string): string | undefined {
  return rules.find((rule) => rule.broken(name))?.problem;
}

/**
 * Returns the name if it is valid: 1 to 100 characters (code points) of printable text on a single line, without a leading
 * `-`, white space at the ends, or `.` and `..` as a path segment.
 * @throws InvalidServiceNameError
 */
export function parseServiceName(name: string): string {
  const problem = findServiceNameProblem(name);
  if (problem !== undefined) throw new InvalidServiceNameError(name, problem);
  return name;
}

/**
 * The prefix of the variables that give a service's port to other services: `WEB_UI` for `web-ui`, as in WEB_UI_PORT and
 * WEB_UI_URL. Undefined for a name without an ASCII letter or digit.
 */
export function findVariablePrefix(serviceName: string): string | undefined {
  if (!/[a-z0-9]/i.test(serviceName)) return undefined;
  const name = serviceName.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
  return /^\d/.test(name) ? `_${name}` : name;
}

/** What is wrong with a shell command, as "must …"; undefined for a valid command. */
export function findServiceShellProblem(shell: string): string | undefined {
  if (shell.trim() === '') return 'must be a non-empty string';
  if (shell.includes('\0')) return 'must not contain null characters';
  return undefined;
}

/**
 * Returns the command if it is valid: any text that is not only white space and has no null characters.
 * @throws InvalidServiceShellError
 */
export function parseServiceShell(shell: string): string {
  const problem = findServiceShellProblem(shell);
  if (problem !== undefined) throw new InvalidServiceShellError(shell, problem);
  return shell;
}

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

/**
 * Identifies the directory in which a service starts, looked up in the directory whose configuration was checked.
 * @param root as returned by `resolveServiceRoot`
 * @throws DirectoryReplacedError, system errors
 */
export function identifyServiceRoot(
  {
    projectDir,
    directory,
    root = '.',
  }: { projectDir: string; directory?: DirectoryIdentity | undefined; root?: string },
  realRoot: string,
): DirectoryIdentity {
  const project = openSameDirectory(projectDir, directory);
  try {
    const found = openDirectory(`${project.path}/${relative(projectDir, resolve(projectDir, root))}`);
    try {
      if (realpathSync.native(found.path) !== realRoot) throw new DirectoryReplacedError(realRoot);
      return { id: found.id, uid: found.uid };
    } finally {
      found.close();
    }
  } finally {
    project.close();
  }
}

const missingReasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'cannot exist: part of its path is a file',
  ENAMETOOLONG: 'cannot exist: its name is too long',
  EACCES: 'cannot be entered: permission denied',
  ELOOP: 'is a symbolic link to itself',
};
