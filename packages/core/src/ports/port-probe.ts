import { createServer } from 'node:net';
import { PortProbeFailedError } from './errors.ts';

/** Is this port free on this machine? An edge: tests put their own in its place. */
export interface PortProbe {
  isFree(port: number): Promise<boolean>;
}

/**
 * On Linux the first one, dual stack, already notices every listener; the others are for systems where a wildcard bind
 * succeeds beside a listener on one address, and for machines without IPv6.
 */
const addresses = ['::', '0.0.0.0', '127.0.0.1', '::1'];

/** The address or its whole family is not there on this machine, so nobody can listen on it. */
const absentAddress = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** Tries to bind. Never with SO_REUSEPORT: it would succeed beside a listener that has set it too. */
export const bindProbe: PortProbe = {
  async isFree(port) {
    for (const host of addresses) {
      const code = await bind(port, host);
      if (code === 'EADDRINUSE') return false;
      if (code !== undefined && !absentAddress.has(code)) throw new PortProbeFailedError(port, host, code);
    }
    return true;
  },
};

function bind(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
