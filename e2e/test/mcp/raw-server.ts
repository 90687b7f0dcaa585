import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Sandbox, until } from '@candle/test-kit';
import { onTestFinished } from 'vitest';
import { bin } from '../sandbox.ts';

/** The messages with which a client opens a session. */
export const handshake = [
  {
    jsonrpc: '2.0',
    id: 'open',
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a script', version: '1' } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
];

export function toolCall(id: number, name: string, input: Record<string, unknown> = {}) {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: input } };
}

export function toLines(messages: readonly (object | string)[]): string {
  return messages.map((message) => `${typeof message === 'string' ? message : JSON.stringify(message)}\n`).join('');
}

/** A server for tests that read and write its pipes directly, because no client of an SDK would behave like this. */
export interface RawServer {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything it has written to stdout and stderr so far. */
  readonly output: { stdout: string; stderr: string };
  send(...messages: readonly (object | string)[]): void;
  /** Waits for the response to a request. */
  // biome-ignore lint/suspicious/noExplicitAny: the test checks the shape
  responseTo(id: number | string): Promise<any>;
  /** Waits for the server to exit. */
  exitCode(): Promise<number | null>;
}

/** Starts a server, which is killed at the end of the test. With `reads: false`, only the test reads its stdout. */
export function startRawServer(box: Sandbox, { env = {}, reads = true } = {}): RawServer {
  const child = spawn(process.execPath, [bin, 'mcp'], { cwd: box.projectDir, env: { ...box.env, ...env } });
  const output = { stdout: '', stderr: '' };
  for (const name of reads ? (['stdout', 'stderr'] as const) : (['stderr'] as const)) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  // The server may exit before it has read everything.
  child.stdin.on('error', () => undefined);
  const exitCode = once(child, 'close').then(() => child.exitCode);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exitCode;
  });
  return {
    child,
    output,
    send: (...messages) => void child.stdin.write(toLines(messages)),
    responseTo: (id) =>
      until(
        `there is a response to request ${id}`,
        () => messagesOf(output.stdout).find((message) => message.id === id),
        {
          explain: () => output.stderr,
        },
      ),
    exitCode: () => exitCode,
  };
}

/** The messages on all complete lines. @throws if a line is not a message */
export function messagesOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .slice(0, stdout.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const message = JSON.parse(line);
      if (message.jsonrpc !== '2.0') throw new Error(`Not a message: ${line.slice(0, 200)}`);
      return message;
    });
}

export function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}
