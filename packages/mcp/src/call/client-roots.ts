import { fileURLToPath } from 'node:url';
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';

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
