import type { Readable, Writable } from 'node:stream';
import { isCandleError } from '@candle/core';
import type { Supervision } from '@candle/supervisor';
import {
  type CallToolResult,
  type InputRequiredResult,
  McpServer,
  type ServerContext,
  type StandardSchemaWithJSON,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { z } from 'zod';
import { CallProgress } from './call/call-progress.ts';
import { clientRoots, RootsWanted } from './call/client-roots.ts';
import { toolContext } from './call/tool-context.ts';
import { ClientGoneError } from './errors.ts';
import type { McpHost } from './host.ts';
import { instructions } from './instructions.ts';
import { parseInput } from './parse-input.ts';
import { presentDocument, presentError } from './present-result.ts';
import { StreamTransport } from './stream-transport.ts';
import { type Tool, toolAnnotations } from './tool.ts';
import { tools } from './tools.ts';

export interface McpServing {
  readonly host: McpHost;
  readonly input: Readable;
  /** Carries nothing but the protocol. */
  readonly output: Writable;
  readonly version: string;
  /** What services inherit. */
  readonly callerEnv: Supervision['callerEnv'];
  /** The server's log: what went wrong that no client is told. */
  readonly note: (text: string) => void;
}

type Answer = CallToolResult | InputRequiredResult;

/** How long waits go on once the input has ended: what is there already is found, and a client that died is not waited for. */
const timeoutMs = 3_000;

/** Serves the tools until the input ends and every call is over. Services that were started go on. */
export async function serveMcp(serving: McpServing): Promise<void> {
  const calls = new Set<Promise<Answer>>();
  const givingUp = new AbortController();
  const transport = new StreamTransport(serving.input, serving.output);
  serveStdio(() => createServer(serving, { calls, signal: givingUp.signal }), {
    transport,
    onerror: (error) => serving.note(`MCP: ${error.message}`),
  });
  await transport.inputEnded;
  const timer = setTimeout(() => givingUp.abort(new ClientGoneError(timeoutMs)), timeoutMs);
  await transport.closed;
  // A call that was cancelled has no answer, but its work must not lose the ledger.
  await Promise.allSettled(calls);
  clearTimeout(timer);
}

interface Connection {
  /** Under way. */
  readonly calls: Set<Promise<Answer>>;
  /** Ends every wait. */
  readonly signal: AbortSignal;
}

function createServer(serving: McpServing, { calls, signal }: Connection): McpServer {
  const server = new McpServer(
    { name: 'candle', title: 'Candle', version: serving.version },
    { instructions, capabilities: { tools: { listChanged: false } } },
  );
  for (const tool of tools) {
    const { title, description, output: outputSchema } = tool;
    const annotations = toolAnnotations(tool);
    const config = { title, description, annotations, outputSchema, inputSchema: unchecked(tool.input) };
    server.registerTool(tool.name, config, (input, ctx) => {
      const call = answer(serving, server, tool, input, { ctx, signal: AbortSignal.any([ctx.mcpReq.signal, signal]) });
      calls.add(call);
      return call.finally(() => calls.delete(call));
    });
  }
  return server;
}

async function answer(
  { host, callerEnv, note }: McpServing,
  server: McpServer,
  tool: Tool,
  input: unknown,
  { ctx, signal }: { ctx: ServerContext; signal: AbortSignal },
): Promise<Answer> {
  const progress = new CallProgress(tool.title, progressReport(ctx));
  try {
    const context = toolContext(host, callerEnv, { signal, progress, roots: clientRoots(server, ctx) });
    return presentDocument(await tool.run(context, parseInput(tool, input)));
  } catch (error) {
    if (error instanceof RootsWanted) return error.answer;
    // Whoever cancels a call gets no answer.
    if (!isCandleError(error) && !ctx.mcpReq.signal.aborted) {
      note(error instanceof Error ? String(error.stack) : String(error));
    }
    return presentError(error);
  } finally {
    progress.close();
  }
}

/** Undefined when the client does not want to hear. */
function progressReport({ mcpReq }: ServerContext): ConstructorParameters<typeof CallProgress>[1] {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  return (report) => {
    const notification = { method: 'notifications/progress', params: { progressToken, ...report } } as const;
    // It is dropped where the connection is gone.
    if (!mcpReq.signal.aborted) mcpReq.notify(notification).catch(() => undefined);
  };
}

/** The schema as clients see it, but not enforced by the SDK, whose sentences are not ours. */
function unchecked(schema: z.ZodObject): StandardSchemaWithJSON {
  return { '~standard': { ...schema['~standard'], validate: (value: unknown) => ({ value }) } };
}
