import { hash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every supported system accepts Unix socket paths of this length (Linux 107 bytes, macOS 103). */
const maxPathBytes = 100;

export interface SocketAddress {
  /** What to listen on or connect to. */
  readonly path: string;
  /** Call this when the address is no longer needed: after the connection is established, or the server is closed. */
  close(): void;
}

/**
 * The address of the socket of a state directory. The kernel accepts only short paths. If the path is too long, Linux
 * goes through a descriptor of the open directory, and other platforms use a socket in the user's temporary directory.
 */
export function openSocketAddress(stateDir: string, platform: NodeJS.Platform = process.platform): SocketAddress {
  const path = join(stateDir, 'socket');
  if (Buffer.byteLength(path) <= maxPathBytes) return { path, close: () => undefined };
  if (platform !== 'linux') {
    const name = `candle-${hash('sha1', stateDir).slice(0, 16)}.socket`;
    return { path: join(tmpdir(), name), close: () => undefined };
  }
  const fd = openSync(stateDir, 'r');
  return { path: `/proc/self/fd/${fd}/socket`, close: () => closeSync(fd) };
}
