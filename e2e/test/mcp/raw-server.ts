import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Sandbox, until } from '@candle/test-kit';
import { onTestFinished } from 'vitest';
import { bin } from '../sandbox.ts';

/** What a client says first. */
export const opening = [
  {
    jsonrpc: '2.0',
    id: 'open',
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'a script', version: '1' } },
  },
  { jsonrpc: '2.0', method: 'notifications/initialized' },
];

export function called(id: number, name: string, input: Record<string, unknown> = {}) {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: input } };
}

export function lines(messages: readonly (object | string)[]): string {
  return messages.map((message) => `${typeof message === 'string' ? message : JSON.stringify(message)}\n`).join('');
}

/** A server that is spoken to byte by byte, as no client of an SDK would. */
export interface RawServer {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has written to stdout, and to stderr. */
  readonly output: { stdout: string; stderr: string };
  say(...messages: readonly (object | string)[]): void;
  /** Its answer to a request, once there is one. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts on the form itself
  answerTo(id: number | string): Promise<any>;
  /** Its exit code. */
  ended(): Promise<number | null>;
}

/** Starts one, which ends with the test at the latest. `reads: false`: its stdout is not read until the test does. */
export function startRawServer(box: Sandbox, { env = {}, reads = true } = {}): RawServer {
  const child = spawn(process.execPath, [bin, 'mcp'], { cwd: box.projectDir, env: { ...box.env, ...env } });
  const output = { stdout: '', stderr: '' };
  for (const name of reads ? (['stdout', 'stderr'] as const) : (['stderr'] as const)) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  // It may be gone before everything is said.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').then(() => child.exitCode);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    child,
    output,
    say: (...messages) => void child.stdin.write(lines(messages)),
    answerTo: (id) =>
      until(`request ${id} is answered`, () => messagesOf(output.stdout).find((message) => message.id === id), {
        explain: () => output.stderr,
      }),
    ended: () => ended,
  };
}

/** The messages of what was written whole; throws at a line that is none. */
export function messagesOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .slice(0, stdout.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const message = JSON.parse(line);
      if (message.jsonrpc !== '2.0') throw new Error(`No message: ${line.slice(0, 200)}`);
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
