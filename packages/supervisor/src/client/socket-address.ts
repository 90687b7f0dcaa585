import { hash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes of a path that every system takes for a unix socket (Linux 107, macOS 103). */
const maxPathLength = 100;

export interface SocketAddress {
  /** What to listen on or connect to. */
  readonly path: string;
  /** When it is not needed any more: after the connection is made, or the server closed. */
  close(): void;
}

/**
 * The socket of a state directory. The kernel takes short paths only: a long one is gone to by way of the open directory
 * on Linux, and elsewhere lies among the user's temporary files.
 */
export function openSocketAddress(stateDir: string, platform: NodeJS.Platform = process.platform): SocketAddress {
  const path = join(stateDir, 'socket');
  if (Buffer.byteLength(path) <= maxPathLength) return { path, close: () => undefined };
  if (platform !== 'linux') {
    const name = `candle-${hash('sha1', stateDir).slice(0, 16)}.socket`;
    return { path: join(tmpdir(), name), close: () => undefined };
  }
  const fd = openSync(stateDir, 'r');
  return { path: `/proc/self/fd/${fd}/socket`, close: () => closeSync(fd) };
}
