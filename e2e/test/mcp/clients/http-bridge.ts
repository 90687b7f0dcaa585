import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import type { Sandbox } from '@candle/test-kit';
import { bin } from '../../sandbox.ts';

interface Message {
  readonly id?: string | number;
  readonly method?: string;
}

export interface HttpBridge {
  readonly url: string;
  /** Closes the servers. @throws if one of them has written to stderr or exited with a code other than 0 */
  close(): Promise<void>;
}

/** Connects Streamable HTTP to `candle mcp`, as far as a client needs it. Each session has its own server. */
export async function openHttpBridge(box: Sandbox): Promise<HttpBridge> {
  const sessions = new Map<string, Session>();
  const http = createServer((request, response) => void serve(sessions, box, request, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    close: async () => {
      http.closeAllConnections();
      http.close();
      for (const session of sessions.values()) await session.close();
    },
  };
}

async function serve(
  sessions: Map<string, Session>,
  box: Sandbox,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const sessionId = String(request.headers['mcp-session-id'] ?? '');
  // Only responses are streamed; GET is optional for a server.
  if (request.method !== 'POST') return void response.writeHead(request.method === 'DELETE' ? 200 : 405).end();
  const message = (await json(request)) as Message;
  const id = message.method === 'initialize' ? randomUUID() : sessionId;
  const session = sessions.get(id) ?? (message.method === 'initialize' ? new Session(box) : undefined);
  if (!session) return void response.writeHead(404).end();
  sessions.set(id, session);
  response.setHeader('mcp-session-id', id);
  if (message.id === undefined || message.method === undefined) {
    session.send(message);
    return void response.writeHead(202).end();
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  session.request(message, response);
}

/** A server, and the HTTP responses that wait for its messages. */
class Session {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<string | number, ServerResponse>();
  #log = '';

  constructor(box: Sandbox) {
    this.#child = spawn(process.execPath, [bin, 'mcp'], { cwd: box.projectDir, env: { ...box.env } });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text;
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#forward(line));
  }

  send(message: Message): void {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }

  request(message: Message, response: ServerResponse): void {
    if (message.id !== undefined) this.#waiting.set(message.id, response);
    this.send(message);
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'close');
    if (this.#child.exitCode !== 0 || this.#log !== '') throw new Error(`${this.#child.exitCode}: ${this.#log}`);
  }

  /** A response ends the stream of its request. Any other message goes to the stream of the latest waiting request. */
  #forward(line: string): void {
    const { id, method } = JSON.parse(line) as Message;
    const own = id === undefined || method !== undefined ? undefined : this.#waiting.get(id);
    (own ?? [...this.#waiting.values()].at(-1))?.write(`event: message\ndata: ${line}\n\n`);
    if (own === undefined || id === undefined) return;
    own.end();
    this.#waiting.delete(id);
  }
}
