import { fileURLToPath } from 'node:url';
import { type Candle, candleForCall } from '@candle/core/candle';
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
import type { FoundProject, McpHost, Supervised } from '../host.ts';

/** What a tool has access to during one call. */
export interface ToolContext {
  /** Aborts waits, but not work that has begun. Its reason says who cancelled the call. */
  readonly signal: AbortSignal;
  readonly progress: Pick<CallProgress, 'update'>;
  candle(): Candle;
  /** Real path of the project of the call. Resolved again for each call, because configurations come and go. */
  findProjectDir(input: { projectDir?: string | undefined }, options: FoundProject): Promise<string>;
  supervise(): Promise<Supervised>;
}

export function toolContext(
  host: McpHost,
  call: { signal: AbortSignal; progress: Pick<CallProgress, 'update'>; roots: ClientRoots },
): ToolContext {
  const { signal, progress, roots } = call;
  const candle = () => candleForCall(host.candle());
  return {
    signal,
    progress,
    candle,
    findProjectDir: ({ projectDir }, options) => findCallProject(host, roots, projectDir, options),
    supervise: () => host.supervise(candle(), (text) => progress.update(text)),
  };
}

/** A progress notification that a client receives during a call. */
export interface ProgressReport {
  /** Seconds since the call began. */
  readonly progress: number;
  /** Timeout of the wait, in seconds. */
  readonly total?: number;
  readonly message: string;
}

/** Short enough for clients that give up on a call without progress. */
const everyMs = 1_000;

/** Reports once a second how long a call has taken and what it waits for. Must be closed. */
export class CallProgress {
  readonly #beganMs = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #message: string;
  #totalMs: number | undefined;

  /** @param report undefined if the client did not ask for progress */
  constructor(title: string, report: ((progress: ProgressReport) => void) | undefined) {
    this.#message = title;
    this.#timer = report && setInterval(() => report(this.#report()), everyMs);
  }

  /** Sets what the call does now and, if known, how long it may take. */
  update(message: string, totalMs?: number): void {
    this.#message = message;
    this.#totalMs = totalMs;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #report(): ProgressReport {
    const progress = Math.round((performance.now() - this.#beganMs) / 100) / 10;
    const total = this.#totalMs === undefined ? {} : { total: Math.max(progress, this.#totalMs / 1000) };
    return { progress, ...total, message: this.#message };
  }
}

/** Errors that mean that no project was found. Others, such as a missing read permission, leave the question open. */
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
async function findCallProject(
  host: Pick<McpHost, 'findProject' | 'isProjectGiven'>,
  roots: ClientRoots,
  projectDir: string | undefined,
  accepted: FoundProject,
): Promise<string> {
  const find = async (dir: string | undefined) => (await host.findProject({ dir, ...accepted })).dir;
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
interface ClientRoots {
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
