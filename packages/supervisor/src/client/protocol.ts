import type { Socket } from 'node:net';
import { createBirpc } from 'birpc';

/** What a supervisor answers. Names and meanings stay within a major version; new functions may come. */
export interface SupervisorApi {
  /** Whoever says hello has often just started something: the supervisor looks at the ledger at once. */
  hello(): Promise<Greeting>;
  /** Makes room for a newer supervisor; services live on. */
  leave(): Promise<void>;
}

export interface Greeting {
  readonly version: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly monitoredRuns: number;
  /** How many files it may have open; null where nobody tells, and left out by older ones. */
  readonly openFiles?: number | null;
}

/** A line longer than this is not of Candle's. */
const maxLineBytes = 1024 * 1024;

/**
 * Serves and calls over one connection: a line of JSON for each message. `forgives`: whoever calls what there is not, or
 * hangs up before the answer, harms nobody but itself.
 */
export function openRpc<Remote extends object, Local extends object>(
  socket: Socket,
  functions: Local,
  { timeoutMs, forgives = false }: { timeoutMs: number; forgives?: boolean },
) {
  socket.setEncoding('utf8');
  return createBirpc<Remote, Local>(functions, {
    timeout: timeoutMs,
    post: (line: string) => {
      if (socket.writable) socket.write(`${line}\n`);
    },
    on: (receive) => {
      let rest = '';
      socket.on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > maxLineBytes) socket.destroy();
        for (const line of lines) if (isMessage(line)) receive(line);
      });
    },
    serialize: (message) => JSON.stringify(message),
    deserialize: (line: string) => JSON.parse(line),
    onGeneralError: () => forgives,
  });
}

function isMessage(line: string): boolean {
  try {
    const message: unknown = JSON.parse(line);
    return typeof message === 'object' && message !== null && 't' in message;
  } catch {
    return false;
  }
}
