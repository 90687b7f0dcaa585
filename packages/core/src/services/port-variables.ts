import { serviceUrl } from '../ports/service-url.ts';
import type { Reservation } from '../reservations/reservation.ts';

/**
 * What the variables of a service begin with: `WEB_UI` for `web-ui`, so that others find it in WEB_UI_PORT and WEB_UI_URL.
 * Undefined for a name without any letter or digit of ASCII.
 */
export function findVariablePrefix(serviceName: string): string | undefined {
  if (!/[a-z0-9]/i.test(serviceName)) return undefined;
  const name = serviceName.toUpperCase().replace(/[^A-Z0-9_]/g, '_');
  return /^\d/.test(name) ? `_${name}` : name;
}

/** A variable that tells the port of a service to all services of its project. */
export interface PortVariable {
  readonly name: string;
  readonly value: string;
  /** Whose port it is. */
  readonly serviceName: string;
}

/**
 * `<SERVICE>_PORT` and `<SERVICE>_URL` for each of a project's reservations that is a service's. Of two names that would
 * give the same variables the configured one wins, else the one that has its port longer. Pure.
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
