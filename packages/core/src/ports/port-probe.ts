import { createServer } from 'node:net';
import { PortProbeFailedError } from './errors.ts';

/** Checks whether a port is free on this machine. Tests replace it. */
export interface PortProbe {
  isFree(port: number): Promise<boolean>;
}

/**
 * The addresses to bind. Undefined is the default of Node: `::` for both families, or `0.0.0.0` without IPv6. On Linux,
 * this single bind detects every possible listener, and Node does not have to load its DNS module. On other systems, a
 * wildcard bind can succeed even if a program listens on one specific address.
 */
const addresses = process.platform === 'linux' ? [undefined] : ['::', '0.0.0.0', '127.0.0.1', '::1'];

/** This machine does not have the address or its address family, so no program can listen on it. */
const absentAddress = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** Tries to bind, without SO_REUSEPORT: with it, the bind would succeed next to a listener that also set it. */
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
