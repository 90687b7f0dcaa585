import { type ReservedPortDocument, reservedPortDocument } from '@candle/core';
import type { ReservedPort } from './list-reserved-ports.ts';
import { type PortOwnerDocument, portOwnerDocument } from './port-report-document.ts';

/** What `--json` and MCP say of reservations. */
export interface ReservedPortsDocument {
  readonly ports: readonly (ReservedPortDocument & {
    readonly reservedAt: string;
    /** That is checked out in the project, or a short commit; null outside of git. */
    readonly branch: string | null;
    readonly directoryGone: boolean;
    /** Who listens on a service's port without belonging to the service. */
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
