import { fileURLToPath } from 'node:url';
import type { CoreErrorCode } from '@candle/core/error-catalogue';
import { isCandleError } from '@candle/core/errors';
import type { Project } from '@candle/core/projects';
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { RootNotChosenError } from '../errors.ts';
import type { McpHost } from '../host.ts';

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

/** The directories that the client works in, if it supports roots. */
export interface ClientRoots {
  readonly canBeAsked: boolean;
  /** @throws RootsWanted if the protocol requires asking the client through the result of its call */
  list(): Promise<readonly string[]>;
}

/** A client that does not answer within this time is treated as one without roots. */
const timeoutMs = 5_000;
const key = 'roots';

/** Ends a call with a request for the client's roots. The client then repeats the call with them (protocol of 2026). */
export class RootsWanted extends Error {
  readonly answer = inputRequired({ inputRequests: { [key]: inputRequired.listRoots() } });
}

/** The roots of the client that made this call, requested in the way that its protocol version supports. */
export function clientRoots({ server }: McpServer, { mcpReq }: ServerContext): ClientRoots {
  const { envelope, signal } = mcpReq;
  const declared: { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined = envelope;
  const capabilities = declared ? declared[CLIENT_CAPABILITIES_META_KEY] : server.getClientCapabilities();
  return {
    canBeAsked: capabilities?.roots !== undefined,
    list: async () => {
      if (envelope) {
        const response = inputResponse(mcpReq.inputResponses, key);
        if (response.kind !== 'roots') throw new RootsWanted();
        return response.roots.flatMap(directoryOf);
      }
      const none = { roots: [] };
      const { roots } = await server.listRoots(undefined, { timeout: timeoutMs, signal }).catch(() => none);
      return roots.flatMap(directoryOf);
    },
  };
}

/** An empty array if the URI is not a path on this machine. */
function directoryOf({ uri }: { uri: string }): string[] {
  try {
    return [fileURLToPath(uri)];
  } catch {
    return [];
  }
}
