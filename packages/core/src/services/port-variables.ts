import { findVariablePrefix } from '../config/service-fields.ts';
import type { Reservation } from '../reservations/reservation.ts';

/** A variable that gives a service's port to all services of the project. */
export interface PortVariable {
  readonly name: string;
  readonly value: string;
  /** The service that has the port. */
  readonly serviceName: string;
}

/**
 * `<SERVICE>_PORT` and `<SERVICE>_URL` for each service of a project that has a reserved port. If two names result in the
 * same variables, the configured service wins, or else the one with the older reservation. Pure.
 */
export function portVariables(
  reservations: readonly Reservation[],
  configuredNames: readonly string[],
): readonly PortVariable[] {
  const isConfigured = ({ serviceName }: Reservation) => serviceName !== null && configuredNames.includes(serviceName);
  const ordered = reservations.toSorted(
    (a, b) => Number(isConfigured(b)) - Number(isConfigured(a)) || a.reservedAtMs - b.reservedAtMs || a.port - b.port,
  );
  const byPrefix = new Map<string, readonly PortVariable[]>();
  for (const { serviceName, port } of ordered) {
    if (serviceName === null) continue;
    const prefix = findVariablePrefix(serviceName);
    if (prefix === undefined || byPrefix.has(prefix)) continue;
    byPrefix.set(prefix, [
      { name: `${prefix}_PORT`, value: String(port), serviceName },
      { name: `${prefix}_URL`, value: serviceUrl(port), serviceName },
    ]);
  }
  return [...byPrefix.values()].flat();
}

/** The URL of a service that listens on a port. `localhost` can be an IPv4 or an IPv6 address of this machine. */
export function serviceUrl(port: number): string {
  return `http://localhost:${port}`;
}
