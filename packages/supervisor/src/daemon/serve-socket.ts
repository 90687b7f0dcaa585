import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { fileAt, isOtherFileAt } from '@candle/core/store';
import { tryToWrite, unlinkIfPresent } from '@candle/core/system';
import { openRpc, openSocketAddress, type SocketAddress, type SupervisorApi } from '../client/protocol.ts';

/** Callers do not wait longer than this for an answer. */
const answerTimeoutMs = 5_000;

/** A connection for a single call is shorter than this. */
const callMs = 100;

export interface ServedSocket {
  /** False if the socket file was deleted or replaced, so that nobody can connect any more. */
  isInPlace(): boolean;
  close(): Promise<void>;
}

/**
 * Listens on the socket of the state directory. Removes a stale socket, which is safe because the caller holds the
 * lock. `onAttendantGone`: a connection was closed that had been kept open (see `attendSupervisor`).
 */
export async function serveSocket(
  stateDir: string,
  api: SupervisorApi,
  onAttendantGone: () => void,
): Promise<ServedSocket> {
  const address = openSocketAddress(stateDir);
  try {
    return await serve(address, api, onAttendantGone);
  } catch (error) {
    address.close();
    throw error;
  }
}

async function serve(address: SocketAddress, api: SupervisorApi, onAttendantGone: () => void): Promise<ServedSocket> {
  unlinkIfPresent(address.path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const sinceMs = performance.now();
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      sockets.delete(socket);
      if (performance.now() - sinceMs > callMs) onAttendantGone();
    });
    openRpc<object, SupervisorApi>(socket, api, { timeoutMs: answerTimeoutMs, ignoresErrors: true });
  });
  await listen(server, address.path);
  chmodSync(address.path, 0o600);
  const file = fileAt(address.path);
  return {
    isInPlace: () => !isOtherFileAt(address.path, file),
    close: async () => {
      if (!server.listening) return;
      // A socket that stays behind refuses connections, as one of a killed supervisor does.
      if (!isOtherFileAt(address.path, file)) tryToWrite(() => unlinkIfPresent(address.path));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.end();
      // A caller that does not disconnect must not keep the supervisor from exiting.
      setTimeout(() => sockets.forEach((socket) => void socket.destroy()), 100).unref();
      await closed;
      address.close();
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve());
  });
}
