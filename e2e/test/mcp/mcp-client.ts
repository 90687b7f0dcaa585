import type { Sandbox } from '@candle/test-kit';
import { type CallToolResult, Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';
import { bin as builtBin } from '../sandbox.ts';

export interface ServedMcp {
  readonly client: Client;
  /** PID of the server. */
  readonly pid: number;
  /** Everything the server has written to stderr so far. */
  log(): string;
  call(tool: string, input?: Record<string, unknown>): Promise<CallToolResult>;
  /** Calls a tool and returns its structured content. @throws if the call fails */
  // biome-ignore lint/suspicious/noExplicitAny: the test checks the shape
  ask(tool: string, input?: Record<string, unknown>): Promise<any>;
  /** Closes the server's stdin and waits until the server has exited. */
  close(): Promise<void>;
}

export interface McpOptions {
  /** The `bin` script of a copy of the CLI. */
  readonly bin?: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly client?: ClientOptions;
}

/** Starts a server of the built CLI and connects a client to it. Both are closed at the end of the test. */
export async function serveMcp(
  box: Sandbox,
  { bin = builtBin, args = ['mcp'], cwd, client: options }: McpOptions = {},
) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bin, ...args],
    env: { ...box.env },
    cwd: cwd ?? box.projectDir,
    stderr: 'pipe',
  });
  let log = '';
  transport.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  const client = new Client({ name: 'candle-tests', version: '1.0.0' }, options);
  await client.connect(transport);
  onTestFinished(() => client.close());
  // The client reads the output schemas here, and checks every result against them.
  await client.listTools();
  const call = async (name: string, input: Record<string, unknown> = {}) =>
    (await client.callTool({ name, arguments: input })) as CallToolResult;
  const served: ServedMcp = {
    client,
    pid: transport.pid ?? 0,
    log: () => log,
    call,
    ask: async (name, input) => {
      const result = await call(name, input);
      if (result.isError) throw new Error(`${name} failed: ${textOf(result)}`);
      return result.structuredContent;
    },
    close: () => client.close(),
  };
  return served;
}

/** The text of a result, which always has exactly one content block. */
export function textOf({ content }: CallToolResult): string {
  const [only, ...more] = content;
  if (only?.type !== 'text' || more.length > 0) throw new Error(`Not one text: ${JSON.stringify(content)}`);
  return only.text;
}

/** The code and the first line of the text of a result. @throws if the result is not an error */
export function failureOf(result: CallToolResult): { code: string; sentence: string } {
  const { error } = (result.structuredContent ?? {}) as { error?: { code: string } };
  if (!result.isError || !error) throw new Error(`Not an error: ${JSON.stringify(result)}`);
  return { code: error.code, sentence: textOf(result).split('\n', 1).join('') };
}
