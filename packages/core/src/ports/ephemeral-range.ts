import { readFileSync } from 'node:fs';
import type { PortInterval } from './port-range.ts';

/** The range that IANA assigns to outgoing connections; macOS uses it. */
const ianaEphemeralRange: PortInterval = { first: 49152, last: 65535 };

/** The ports that this system uses for outgoing connections. */
export function readEphemeralRange(): PortInterval {
  if (process.platform !== 'linux') return ianaEphemeralRange;
  try {
    return parseEphemeralRange(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'));
  } catch {
    // Some sandboxes hide this file. The range only affects the order of candidates.
    return ianaEphemeralRange;
  }
}

/** Parses the kernel's format: two numbers, both inclusive. */
export function parseEphemeralRange(text: string): PortInterval {
  const [first, last] = text.trim().split(/\s+/).map(Number);
  if (!first || !last || first > last) return ianaEphemeralRange;
  return { first, last };
}
