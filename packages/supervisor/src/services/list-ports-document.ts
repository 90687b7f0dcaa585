import type { PortsDocument } from '@candle/documents';
import type { ServicePort } from './list-ports.ts';

/** The ports that services listen on, as `--json` and MCP report them. */
export function portsDocument(ports: readonly ServicePort[]): PortsDocument {
  return { ports: ports.map(({ isReserved, ...same }) => ({ ...same, reserved: isReserved })) };
}
