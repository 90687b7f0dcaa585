import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Command } from '../measure/time-command.ts';

/** An MCP server that is called without a client library, because the library would be measured, too. */
export interface McpServer {
  readonly pid: number;
  /** Returns the result of a tool call. @throws if the result is an error */
  call(tool: string, input?: object): Promise<unknown>;
  /** Closes the server's stdin and waits until it has exited. */
  close(): Promise<void>;
}

interface RpcResponse {
  readonly id?: number;
  readonly result?: { readonly isError?: boolean };
}

/** Starts a server and initialises the connection, as every client does before its first call. */
export function startMcpServer({ file, args, cwd, env }: Command): McpServer {
  const child = spawn(file, args, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, PromiseWithResolvers<RpcResponse>>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const response: RpcResponse = JSON.parse(line);
    if (response.id !== undefined) waiting.get(response.id)?.resolve(response);
  });
  const exited = once(child, 'exit');
  void exited.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('The server has exited'));
  });
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  let lastId = 0;
  const request = (method: string, params: object): Promise<RpcResponse> => {
    const id = ++lastId;
    const response = Promise.withResolvers<RpcResponse>();
    waiting.set(id, response);
    send({ id, method, params });
    return response.promise;
  };
  const clientInfo = { name: 'candle-benchmarks', version: '1' };
  const opened = request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }).then(() =>
    send({ method: 'notifications/initialized' }),
  );
  return {
    pid: child.pid ?? 0,
    call: async (tool, input = {}) => {
      await opened;
      const { result } = await request('tools/call', { name: tool, arguments: input });
      if (!result || result.isError) throw new Error(`${tool} failed: ${JSON.stringify(result)}`);
      return result;
    },
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
