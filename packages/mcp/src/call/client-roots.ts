import { fileURLToPath } from 'node:url';
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

/** The directories that the client works in, as far as it tells them. */
export interface ClientRoots {
  readonly canBeAsked: boolean;
  /** @throws RootsWanted when the client has to be asked by an answer to its call */
  list(): Promise<readonly string[]>;
}

/** A client that does not answer is one without roots. */
const timeoutMs = 5_000;
const key = 'roots';

/** Ends a call with the question for the client's roots; the client repeats the call with them (protocol of 2026). */
export class RootsWanted extends Error {
  readonly answer = inputRequired({ inputRequests: { [key]: inputRequired.listRoots() } });
}

/** The roots of the client that has made this call, by whichever way its protocol has for the question. */
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

/** None when it is no directory of this machine. */
function directoryOf({ uri }: { uri: string }): string[] {
  try {
    return [fileURLToPath(uri)];
  } catch {
    return [];
  }
}
