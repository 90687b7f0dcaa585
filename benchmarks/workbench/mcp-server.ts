import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Command } from '../measure/time-command.ts';

/** A server that is spoken to without any client library, which would be measured too. */
export interface McpServer {
  readonly pid: number;
  /** The result of a tool's call, which must be no error. */
  call(tool: string, input?: object): Promise<unknown>;
  /** Closes its stdin and waits until it has left. */
  close(): Promise<void>;
}

interface Answer {
  readonly id?: number;
  readonly result?: { readonly isError?: boolean };
}

/** Starts one and introduces itself, as every client does before its first call. */
export function startMcpServer({ file, args, cwd, env }: Command): McpServer {
  const child = spawn(file, args, { cwd, env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer: Answer = JSON.parse(line);
    if (answer.id !== undefined) waiting.get(answer.id)?.resolve(answer);
  });
  const exited = once(child, 'exit');
  void exited.then(() => {
    for (const { reject } of waiting.values()) reject(new Error('The server has left'));
  });
  const say = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  let lastId = 0;
  const ask = (method: string, params: object): Promise<Answer> => {
    const id = ++lastId;
    const answer = Promise.withResolvers<Answer>();
    waiting.set(id, answer);
    say({ id, method, params });
    return answer.promise;
  };
  const clientInfo = { name: 'candle-benchmarks', version: '1' };
  const opened = ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }).then(() =>
    say({ method: 'notifications/initialized' }),
  );
  return {
    pid: child.pid ?? 0,
    call: async (tool, input = {}) => {
      await opened;
      const { result } = await ask('tools/call', { name: tool, arguments: input });
      if (!result || result.isError) throw new Error(`${tool} failed: ${JSON.stringify(result)}`);
      return result;
    },
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
