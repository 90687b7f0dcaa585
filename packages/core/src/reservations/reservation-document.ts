import type { ClaimedPortDocument, ReleasedPortsDocument, ReservedPortDocument } from '@candle/documents';
import { quote } from '../errors/quote.ts';
import type { PortClaim, PortFallback } from '../ports/claim-port.ts';
import { describeObstacle } from '../ports/port-obstacle.ts';
import type { ReleasedPorts } from './release-ports.ts';
import type { Reservation } from './reservation.ts';

/** Why a preferred port was not available. */
export type FallbackReason = NonNullable<ClaimedPortDocument['fallback']>['reason'];

export function fallbackReason({ by }: PortFallback): FallbackReason {
  return by === 'listener' ? 'in-use' : by;
}

/** Says why the preferred port was not assigned, and which port was; undefined if there is no fallback. */
export function describeFallback({ reservation, fallback }: PortClaim): string | undefined {
  if (fallback === undefined) return undefined;
  const { port, projectDir, serviceName } = reservation;
  const { reason } = describeObstacle(fallback.port, fallback, projectDir);
  const more = fallback.by === 'listener' ? ` (candle who-has ${fallback.port})` : '';
  const given = serviceName === null ? 'the project' : quote(serviceName);
  return `Port ${fallback.port} is not available: ${reason}${more}; ${given} has port ${port} instead`;
}

/** A reservation that was just requested. */
export function claimedPortDocument({ reservation, fallback }: PortClaim): ClaimedPortDocument {
  const document = reservedPortDocument(reservation);
  if (fallback === undefined) return document;
  return { ...document, fallback: { preferred: fallback.port, reason: fallbackReason(fallback) } };
}

export function reservedPortDocument({ port, serviceName, projectDir }: Reservation): ReservedPortDocument {
  return { port, serviceName, projectDir };
}

/** The released reservations of the project. A service that has several ports is described by its own, or else by the lowest. */
export function releasedPortsDocument(
  released: readonly Reservation[],
  { projectDir, serviceName, port }: ReleasedPorts,
): ReleasedPortsDocument {
  const isNamed = serviceName !== undefined || port !== undefined;
  const one = released.find((reservation) => reservation.serviceName === serviceName) ?? released[0];
  return {
    releasedCount: released.length,
    ...(isNamed && one ? { releasedPort: one.port, serviceName: one.serviceName } : {}),
    projectDir,
  };
}
