import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { readSmallFile } from '../system/read-small-file.ts';
import { findUntrusted, type Trust } from './config-trust.ts';
import {
  type ConfigUntrustedError,
  ProjectGoneError,
  ProjectNotADirectoryError,
  ProjectNotFoundError,
  ProjectTooWideError,
} from './errors.ts';

/** The name of a new configuration file. */
export const configFileName = '.candle.json';

/** The names of the configuration file. The older name is used if the newer file is missing. */
export const configFileNames = [configFileName, '.candle-setup.json'] as const;

export interface Project {
  /** Absolute path with symbolic links resolved; the directory may no longer exist. */
  readonly dir: string;
  /** `new`: it has no configuration and is not in the database yet. */
  readonly foundBy: 'config' | 'database' | 'new';
  /** Why the nearest configuration above it is not used, if the search passed over one. */
  readonly passedOver?: ConfigUntrustedError | undefined;
}

export interface ProjectQuestion {
  /** Where the search begins: an absolute path that may no longer exist. */
  readonly startDir: string;
  /** The home directory, which never becomes a new project. */
  readonly home: string;
  /** Whether a directory without a configuration and outside the database may become a project. */
  readonly allowNew: boolean;
  /** Whether a project whose directory was deleted is refused, because the command works in the directory. */
  readonly requireDirectory?: boolean | undefined;
  /** Returns those of the directories that are in the database. Called only if no configuration is found. */
  readonly knownAmong: (dirs: readonly string[]) => Promise<readonly string[]>;
  readonly trust: Trust;
}

/**
 * Finds the project of a command: the nearest directory upwards with a configuration, otherwise the nearest one in the
 * database, otherwise (if a new project is allowed) the git work tree or the directory itself. The search never leaves a
 * linked git worktree, because a worktree inside the main checkout must not reach the main checkout's services.
 * @throws ProjectNotFoundError, ProjectTooWideError, ProjectGoneError, ProjectNotADirectoryError
 */
export async function findProject(question: ProjectQuestion): Promise<Project> {
  const start = resolveProjectPath(question.startDir);
  if (!start.exists) return findVanishedProject(start, question);
  const dirs = directoriesUpwards(start.dir);
  const { configured, passedOver } = await findConfigured(dirs, question.trust);
  if (configured !== undefined) return { dir: configured, foundBy: 'config' };
  const known = await nearestKnown(dirs, question);
  if (known !== undefined) return { dir: known, foundBy: 'database', passedOver };
  if (!question.allowNew) throw new ProjectNotFoundError(start.dir, passedOver);
  return { dir: newProjectDir(start.dir, dirs, question.home), foundBy: 'new', passedOver };
}

interface ConfiguredSearch {
  readonly configured?: string;
  readonly passedOver?: ConfigUntrustedError | undefined;
}

/**
 * The nearest directory with a configuration. In the work tree, that may be one that must not be used: the reading of the
 * file then says why. Above the work tree, such a configuration is passed over, so that its owner can neither run programs
 * for the projects below nor block them.
 */
async function findConfigured(dirs: readonly string[], trust: Trust): Promise<ConfiguredSearch> {
  let passedOver: ConfigUntrustedError | undefined;
  for (const [depth, dir] of dirs.entries()) {
    const path = findConfigEntry(dir);
    if (path === undefined) continue;
    const isAboveWorkTree = depth > 0 && depth > dirs.findIndex(isWorkTree);
    const problem = isAboveWorkTree ? await findUntrusted(path, trust) : undefined;
    if (problem === undefined) return { configured: dir };
    passedOver ??= problem;
  }
  return { passedOver };
}

/**
 * Whether the directory is a git work tree: it contains `.git`, which may be a directory or a file. In a shared directory
 * such as /tmp, anybody can create a `.git`, so it must belong to the directory's owner, to root or to the caller.
 */
function isWorkTree(dir: string): boolean {
  const marker = lstatSync(join(dir, '.git'), { throwIfNoEntry: false });
  return marker !== undefined && [statSync(dir).uid, 0, process.geteuid?.()].includes(marker.uid);
}

/** Searches only the missing directories of the path, because an existing parent may be another project. */
async function findVanishedProject(start: ProjectPath, question: ProjectQuestion): Promise<Project> {
  const known = await nearestKnown(vanishedDirectories(start.dir), question);
  if (known === undefined || question.requireDirectory) throw projectGone(known ?? start.dir, known !== undefined);
  return { dir: known, foundBy: 'database' };
}

/** The error for a missing directory. @param isKnown whether the database has a project with that path */
export function projectGone(dir: string, isKnown: boolean): ProjectGoneError {
  return new ProjectGoneError(dir, { isKnown, parent: dirname(vanishedDirectories(dir).at(-1) ?? dir) });
}

async function nearestKnown(dirs: readonly string[], { knownAmong }: ProjectQuestion): Promise<string | undefined> {
  const known = new Set(await knownAmong(dirs));
  return dirs.find((dir) => known.has(dir));
}

function newProjectDir(dir: string, dirs: readonly string[], home: string): string {
  const tooWide = new Set(['/', resolveLinks(home).dir]);
  const gitRoot = findGitRoot(dirs);
  const chosen = gitRoot !== undefined && !tooWide.has(gitRoot) ? gitRoot : dir;
  if (tooWide.has(chosen)) throw new ProjectTooWideError(chosen);
  return chosen;
}

/** The path of the configuration file in a directory, whatever it is. */
export function findConfigEntry(dir: string): string | undefined {
  return configFileNames
    .map((name) => join(dir, name))
    .find((path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined);
}

/** A path with its symbolic links resolved. If the path is missing, the existing part of it is resolved. */
interface ProjectPath {
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
function resolveLinks(path: string): ProjectPath {
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
function vanishedDirectories(dir: string): string[] {
  const dirs: string[] = [];
  for (let current = dir; !existsSync(current); current = dirname(current)) dirs.push(current);
  return dirs;
}

/** The nearest of the directories that is a git work tree. */
export function findGitRoot(dirs: readonly string[]): string | undefined {
  return dirs.find(isWorkTree);
}

/** The directory to which a `.git` file points; undefined if it is not such a file. */
export function gitDirOf(root: string): string | undefined {
  const line = readMarker(join(root, '.git'))
    .split('\n')
    .find((text) => text.startsWith(gitDirPrefix));
  return line === undefined ? undefined : resolve(root, line.slice(gitDirPrefix.length).trimEnd());
}

const gitDirPrefix = 'gitdir: ';

/** In a linked worktree, `.git` is a file that points into the main checkout's `.git/worktrees/`. */
function isLinkedWorktree(dir: string): boolean {
  if (!lstatSync(join(dir, '.git'), { throwIfNoEntry: false })?.isFile()) return false;
  const gitDir = gitDirOf(dir);
  return gitDir !== undefined && basename(dirname(gitDir)) === 'worktrees' && !isSubmodule(gitDir);
}

/** A submodule at `worktrees/x` looks the same but has no `commondir`, which git writes for a worktree. The git directory of a worktree may no longer exist. */
function isSubmodule(gitDir: string): boolean {
  return existsSync(gitDir) && !existsSync(join(gitDir, 'commondir'));
}

function readMarker(path: string): string {
  try {
    return readSmallFile(path);
  } catch {
    return '';
  }
}
