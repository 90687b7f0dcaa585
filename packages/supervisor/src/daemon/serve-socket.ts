import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { fileAt, isOtherFileAt } from '@candle/core/store';
import { tryToWrite, unlinkIfPresent } from '@candle/core/system';
import { openRpc, openSocketAddress, type SocketAddress, type SupervisorApi } from '../client/protocol.ts';

/** Callers do not wait longer than this for an answer. */
const answerTimeoutMs = 5_000;

export interface ServedSocket {
  /** False if the socket file was deleted or replaced, so that nobody can connect any more. */
  isInPlace(): boolean;
  close(): Promise<void>;
}

/**
 * Listens on the socket of the state directory. Removes a stale socket, which is safe because the caller holds the
 * lock.
 */
export async function serveSocket(stateDir: string, api: SupervisorApi): Promise<ServedSocket> {
  const address = openSocketAddress(stateDir);
  try {
    return await serve(address, api);
  } catch (error) {
    address.close();
    throw error;
  }
}

async function serve(address: SocketAddress, api: SupervisorApi): Promise<ServedSocket> {
  unlinkIfPresent(address.path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
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
