import type { Socket } from 'node:net';
import { createBirpc } from 'birpc';

/** The RPC interface of a supervisor. Names and meanings are stable within a major version; functions may be added. */
export interface SupervisorApi {
  /** Makes the supervisor read the database immediately, because the caller has often just started a service. */
  hello(): Promise<Greeting>;
  /** Makes the supervisor exit so that another one can replace it. Services keep running. */
  leave(): Promise<void>;
}

export interface Greeting {
  readonly version: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly monitoredRuns: number;
  /** Limit of open files; null where the platform does not report it, and omitted by older versions. */
  readonly openFiles?: number | null;
}

/** Characters. Candle never sends longer lines. */
const maxLineLength = 1024 * 1024;

/**
 * Serves and makes calls over one connection, with one line of JSON per message. `ignoresErrors`: a peer that calls an
 * unknown function, or disconnects before the answer, causes no error in this process.
 */
export function openRpc<Remote extends object, Local extends object>(
  socket: Socket,
  functions: Local,
  { timeoutMs, ignoresErrors = false }: { timeoutMs: number; ignoresErrors?: boolean },
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
        if (rest.length > maxLineLength) socket.destroy();
        for (const line of lines) if (isMessage(line)) receive(line);
      });
    },
    serialize: (message) => JSON.stringify(message),
    deserialize: (line: string) => JSON.parse(line),
    onGeneralError: () => ignoresErrors,
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
