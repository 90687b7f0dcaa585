import type { Readable, Writable } from 'node:stream';
import { isCandleError } from '@candle/core';
import type { Supervision } from '@candle/supervisor';
import { type CallToolResult, McpServer, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { z } from 'zod';
import { type McpHost, toolContext } from './host.ts';
import { parseInput } from './parse-input.ts';
import { presentDocument, presentError } from './present-result.ts';
import { StreamTransport } from './stream-transport.ts';
import type { Tool } from './tool.ts';
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

const instructions = [
  'Candle reserves ports for the services of a project, runs those services in the background with PORT set to the',
  'reserved port, and keeps their output. To run a service: GetOrReservePort, StartService, then GetLogs when something is',
  'wrong. Never choose a port yourself, and never start a dev server in a shell of yours: services that StartService',
  'starts go on when this conversation ends; KillService stops them. Services are configured in .candle.json:',
  "`candle add-service NAME --shell 'COMMAND'`.",
].join(' ');

/** Serves the tools until the input ends and every call is over. Services that were started go on. */
export async function serveMcp(serving: McpServing): Promise<void> {
  const calls = new Set<Promise<CallToolResult>>();
  const transport = new StreamTransport(serving.input, serving.output);
  const track = (call: Promise<CallToolResult>) => {
    calls.add(call);
    return call.finally(() => calls.delete(call));
  };
  serveStdio(() => createServer(serving, track), {
    transport,
    onerror: (error) => serving.note(`MCP: ${error.message}`),
  });
  await transport.closed;
  // A call that was cancelled has no answer, but its work must not lose the ledger.
  await Promise.allSettled(calls);
}

function createServer(serving: McpServing, track: (call: Promise<CallToolResult>) => Promise<CallToolResult>) {
  const context = toolContext(serving.host, serving.callerEnv);
  const server = new McpServer(
    { name: 'candle', title: 'Candle', version: serving.version },
    { instructions, capabilities: { tools: { listChanged: false } } },
  );
  const call = async (tool: Tool, input: unknown) => {
    try {
      return presentDocument(await tool.run(context, parseInput(tool, input)));
    } catch (error) {
      if (!isCandleError(error)) serving.note(error instanceof Error ? String(error.stack) : String(error));
      return presentError(error);
    }
  };
  for (const tool of tools) {
    const { title, description, annotations, output: outputSchema } = tool;
    const config = { title, description, annotations, outputSchema, inputSchema: unchecked(tool.input) };
    server.registerTool(tool.name, config, (input) => track(call(tool, input)));
  }
  return server;
}

/** The schema as clients see it, but not enforced by the SDK, whose sentences are not ours. */
function unchecked(schema: z.ZodObject): StandardSchemaWithJSON {
  return { '~standard': { ...schema['~standard'], validate: (value: unknown) => ({ value }) } };
}
