import { InvalidPortError, PrivilegedPortError } from './errors.ts';
import { minPreferredPort } from './port-preference.ts';

/** The range from which Candle assigns ports, both ends inclusive. */
export const firstPort = 4000;
export const lastPort = 65535;
export const portRangeSize = lastPort - firstPort + 1;

export interface PortInterval {
  readonly first: number;
  readonly last: number;
}

/**
 * Ports from 4000 up that browsers refuse to open ("bad port" in the Fetch standard). These are the ones that
 * Chromium and Node's fetch block.
 */
export const browserBlockedPorts: readonly number[] = [
  4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/** The port at which a search continues after this one: wraps after the last port, and is never below the first. */
export function portAfter(port: number): number {
  return port >= lastPort || port < firstPort ? firstPort : port + 1;
}

/** The hint of `parsePort` for a port that a command reserves. */
export const reservablePortHint = `Use a whole number from ${minPreferredPort} to ${lastPort}`;

/**
 * Parses a port number, 1 to 65535.
 * @throws InvalidPortError
 */
export function parsePort(text: string, hint?: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > lastPort) throw new InvalidPortError(text, hint);
  return port;
}

/**
 * Parses the port setting of a service: `auto`, or a number from 1024 to 65535.
 * @throws InvalidPortError, PrivilegedPortError
 */
export function parsePortOrAuto(text: string): 'auto' | number {
  if (text === 'auto') return text;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > lastPort) {
    throw new InvalidPortError(text, `Use auto for any free port, or a number from ${minPreferredPort} to ${lastPort}`);
  }
  return requireUnprivileged(port);
}

/** Returns the port if programs can listen on it without root. @throws PrivilegedPortError */
export function requireUnprivileged(port: number): number {
  if (port < minPreferredPort) throw new PrivilegedPortError(port);
  return port;
}
