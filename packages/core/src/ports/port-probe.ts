import { createServer } from 'node:net';
import { PortProbeFailedError } from './errors.ts';

/** Is this port free on this machine? An edge: tests put their own in its place. */
export interface PortProbe {
  isFree(port: number): Promise<boolean>;
}

/**
 * Undefined is Node's own choice: `::` for both families, or `0.0.0.0` where there is no IPv6. On Linux that one bind
 * notices every listener there can be, and Node need not load what it looks names up with. Elsewhere a wildcard bind may
 * succeed beside a listener on one address.
 */
const addresses = process.platform === 'linux' ? [undefined] : ['::', '0.0.0.0', '127.0.0.1', '::1'];

/** The address or its whole family is not there on this machine, so nobody can listen on it. */
const absentAddress = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** Tries to bind. Never with SO_REUSEPORT: it would succeed beside a listener that has set it too. */
export const bindProbe: PortProbe = {
  async isFree(port) {
    for (const host of addresses) {
      const code = await bind(port, host);
      if (code === 'EADDRINUSE') return false;
      if (code !== undefined && !absentAddress.has(code)) throw new PortProbeFailedError(port, host ?? '::', code);
    }
    return true;
  },
};

function bind(port: number, host: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, ...(host === undefined ? {} : { host }), exclusive: true }, () =>
      server.close(() => resolve(undefined)),
    );
  });
}
