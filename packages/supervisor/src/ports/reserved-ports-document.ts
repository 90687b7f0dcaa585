import { type ReservedPortDocument, reservedPortDocument } from '@candle/core';
import type { ReservedPort } from './list-reserved-ports.ts';
import { type PortOwnerDocument, portOwnerDocument } from './port-report-document.ts';

/** Reservations, as `--json` and MCP report them. */
export interface ReservedPortsDocument {
  readonly ports: readonly (ReservedPortDocument & {
    readonly reservedAt: string;
    /** The branch that is checked out in the project, or a short commit hash; null outside a git repository. */
    readonly branch: string | null;
    readonly directoryGone: boolean;
    /** Processes that listen on the port of a service without belonging to it. */
    readonly conflicts: readonly PortOwnerDocument[];
  })[];
}

export function reservedPortsDocument(ports: readonly ReservedPort[]): ReservedPortsDocument {
  return {
    ports: ports.map((reserved) => ({
      ...reservedPortDocument(reserved),
      reservedAt: new Date(reserved.reservedAtMs).toISOString(),
      branch: reserved.branch,
      directoryGone: reserved.isDirectoryGone,
      conflicts: reserved.conflicts.map(portOwnerDocument),
    })),
  };
}
