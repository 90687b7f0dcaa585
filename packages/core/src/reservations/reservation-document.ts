import type { PortClaim } from '../ports/claim-port.ts';
import type { PortFallback } from '../ports/port-search.ts';
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
export type FallbackReason = 'reserved' | 'in-use' | 'excluded';

export function fallbackReason({ by }: PortFallback): FallbackReason {
  return by === 'listener' ? 'in-use' : by;
}

/** The same of a reservation that was asked for just now. */
export interface ClaimedPortDocument extends ReservedPortDocument {
  /** Only when another number than the one that the configuration prefers was given. */
  readonly fallback?: { readonly preferred: number; readonly reason: FallbackReason };
}

export function claimedPortDocument({ reservation, fallback }: PortClaim): ClaimedPortDocument {
  const document = reservedPortDocument(reservation);
  if (fallback === undefined) return document;
  return { ...document, fallback: { preferred: fallback.port, reason: fallbackReason(fallback) } };
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
