import type { ServicePort } from './list-ports.ts';

/** The ports that services listen on, as `--json` and MCP report them. */
export interface PortsDocument {
  readonly ports: readonly {
    readonly serviceName: string;
    readonly projectDir: string;
    readonly port: number;
    readonly addresses: readonly string[];
    readonly pid: number;
    readonly command: string;
    readonly reserved: boolean;
  }[];
}

export function portsDocument(ports: readonly ServicePort[]): PortsDocument {
  return { ports: ports.map(({ isReserved, ...same }) => ({ ...same, reserved: isReserved })) };
}
