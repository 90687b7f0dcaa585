import type { PortClaim } from '../ports/claim-port.ts';
import type { Displacement } from '../ports/port-search.ts';
import type { Reservation } from './reservation.ts';

/** What `--json` and MCP say of one reservation; `serviceName` is null for a project-level one. */
export interface ReservedPortDocument {
  readonly port: number;
  readonly serviceName: string | null;
  readonly projectDir: string;
}

export interface ReleasedPortsDocument {
  readonly releasedCount: number;
  /** When a single reservation was named. */
  readonly releasedPort?: number;
  readonly serviceName?: string | null;
  readonly projectDir: string;
}

/** Why a number that was preferred was not to be had. */
export type DisplacementReason = 'reserved' | 'in-use' | 'excluded';

export function displacementReason({ by }: Displacement): DisplacementReason {
  return by === 'listener' ? 'in-use' : by;
}

/** The same of a reservation that was asked for just now. */
export interface ClaimedPortDocument extends ReservedPortDocument {
  /** Only when another number than the one that the configuration prefers was given. */
  readonly displaced?: { readonly preferred: number; readonly reason: DisplacementReason };
}

export function claimedPortDocument({ reservation, displaced }: PortClaim): ClaimedPortDocument {
  const document = reservedPortDocument(reservation);
  if (displaced === undefined) return document;
  return { ...document, displaced: { preferred: displaced.port, reason: displacementReason(displaced) } };
}

export function reservedPortDocument({ port, serviceName, projectDir }: Reservation): ReservedPortDocument {
  return { port, serviceName, projectDir };
}

/** `named`: one service or one port was asked for, and so one reservation was released. */
export function releasedPortsDocument(
  projectDir: string,
  released: readonly Reservation[],
  named: boolean,
): ReleasedPortsDocument {
  const [only] = released;
  return {
    releasedCount: released.length,
    ...(named && only ? { releasedPort: only.port, serviceName: only.serviceName } : {}),
    projectDir,
  };
}
