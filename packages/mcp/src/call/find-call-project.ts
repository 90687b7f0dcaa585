import { type CoreErrorCode, isCandleError, type Project } from '@candle/core';
import { RootNotChosenError } from '../errors.ts';
import type { McpHost } from '../host.ts';
import type { ClientRoots } from './client-roots.ts';

/** Errors that mean that there is no project. Others, such as a missing read permission, leave the question open. */
const unknown: ReadonlySet<string> = new Set<CoreErrorCode>([
  'PROJECT_NOT_FOUND',
  'PROJECT_GONE',
  'PROJECT_NOT_A_DIRECTORY',
]);

/**
 * Finds the project of a call: the one given in the call, else the server's own, else the one among the client's roots.
 * If no root is a project yet and there is only one root, that root can become a new project.
 * @throws RootNotChosenError, and everything that findProject throws
 */
export async function findCallProject(
  host: Pick<McpHost, 'findProject' | 'isProjectGiven'>,
  roots: ClientRoots,
  projectDir: string | undefined,
  { allowNew }: { allowNew: boolean },
): Promise<string> {
  const find = async (dir: string | undefined) => (await host.findProject({ dir, allowNew })).dir;
  if (projectDir !== undefined || host.isProjectGiven || !roots.canBeAsked) return find(projectDir);
  const own = await findKnown(host, undefined);
  if (own !== undefined) return own.dir;
  const dirs = await roots.list();
  const known = await Promise.all(dirs.map((dir) => findKnown(host, dir)));
  const [project, ...others] = new Set(known.flatMap((found) => found?.dir ?? []));
  if (project !== undefined && others.length === 0) return project;
  if (project !== undefined) throw new RootNotChosenError([project, ...others], { areProjects: true });
  if (dirs.length > 1) throw new RootNotChosenError(dirs, { areProjects: false });
  return find(dirs[0]);
}

async function findKnown(host: Pick<McpHost, 'findProject'>, dir: string | undefined): Promise<Project | undefined> {
  try {
    return await host.findProject({ dir, allowNew: false });
  } catch (error) {
    if (isCandleError(error) && unknown.has(error.code)) return undefined;
    throw error;
  }
}
