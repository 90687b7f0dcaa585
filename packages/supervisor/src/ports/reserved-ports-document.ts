import { reservedPortDocument } from '@candle/core';
import type { ReservedPortsDocument } from '@candle/documents';
import type { ReservedPort } from './list-reserved-ports.ts';
import { portOwnerDocument } from './port-report-document.ts';

/** Reservations, as `--json` and MCP report them. */
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
