import { readFileSync } from 'node:fs';
import type { PortInterval } from './port-range.ts';

/** What IANA gives to outgoing connections, and what macOS uses. */
const ianaEphemeralRange: PortInterval = { first: 49152, last: 65535 };

/** The ports that this system gives to outgoing connections. */
export function readEphemeralRange(): PortInterval {
  if (process.platform !== 'linux') return ianaEphemeralRange;
  try {
    return parseEphemeralRange(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'));
  } catch {
    // Hidden in some sandboxes: the numbers only decide an order of preference.
    return ianaEphemeralRange;
  }
}

/** The kernel's form: two numbers, both ends included. */
export function parseEphemeralRange(text: string): PortInterval {
  const [first, last] = text.trim().split(/\s+/).map(Number);
  if (!first || !last || first > last) return ianaEphemeralRange;
  return { first, last };
}
