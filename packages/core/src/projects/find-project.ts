import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectGoneError, ProjectNotFoundError, ProjectTooWideError } from './errors.ts';
import {
  directoriesUpwards,
  findGitRoot,
  type ProjectPath,
  resolveLinks,
  resolveProjectPath,
  vanishedDirectories,
} from './project-path.ts';

/** The names of the configuration file; the older one counts where the newer is missing. */
export const configFileNames = ['.candle.json', '.candle-setup.json'] as const;

export interface Project {
  /** Absolute, symbolic links resolved; it may be gone. */
  readonly dir: string;
  /** `new`: neither a configuration nor the ledger knows it yet. */
  readonly foundBy: 'config' | 'database' | 'new';
}

export interface ProjectQuestion {
  /** Where the search begins; absolute, and it may be gone. */
  readonly startDir: string;
  /** Never taken for a project that nothing speaks of. */
  readonly home: string;
  /** Whether a directory that nothing speaks of yet may become a project. */
  readonly allowNew: boolean;
  /** Which of these directories does the ledger know? Asked only when no configuration is found. */
  readonly knownAmong: (dirs: readonly string[]) => Promise<readonly string[]>;
}

/**
 * Which project a command is about: a configuration upwards, else what the ledger knows upwards, else (where a new
 * project is allowed) the git work tree or the directory itself. Never leaves a linked git worktree: a worktree inside
 * the main checkout must not reach the main checkout's services.
 * @throws ProjectNotFoundError, ProjectTooWideError, ProjectGoneError, ProjectNotADirectoryError
 */
export async function findProject(question: ProjectQuestion): Promise<Project> {
  const start = resolveProjectPath(question.startDir);
  if (!start.exists) return findVanishedProject(start, question);
  const dirs = directoriesUpwards(start.dir);
  const configured = dirs.find(holdsConfig);
  if (configured !== undefined) return { dir: configured, foundBy: 'config' };
  const known = await nearestKnown(dirs, question);
  if (known !== undefined) return { dir: known, foundBy: 'database' };
  if (!question.allowNew) throw new ProjectNotFoundError(start.dir);
  return { dir: newProjectDir(start.dir, dirs, question.home), foundBy: 'new' };
}

/** A directory that is gone is looked for among what is gone only: its parents may be another project. */
async function findVanishedProject(start: ProjectPath, question: ProjectQuestion): Promise<Project> {
  const known = await nearestKnown(vanishedDirectories(start.dir), question);
  if (known === undefined) throw new ProjectGoneError(start.dir);
  return { dir: known, foundBy: 'database' };
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

function holdsConfig(dir: string): boolean {
  return configFileNames.some((name) => lstatSync(join(dir, name), { throwIfNoEntry: false }) !== undefined);
}
