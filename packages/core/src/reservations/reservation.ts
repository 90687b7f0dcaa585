/** A port that a project keeps until it is released: for one of its services, or (`serviceName` null) for the project itself. */
export interface Reservation {
  readonly port: number;
  readonly projectDir: string;
  readonly serviceName: string | null;
  readonly reservedAtMs: number;
}

/** The reservations of a project after some of its services got a new one. Pure. */
export function withNewReservations(
  reservations: readonly Reservation[],
  added: readonly Reservation[],
): readonly Reservation[] {
  const services = new Set(added.map(({ serviceName }) => serviceName));
  return [...reservations.filter(({ serviceName }) => !services.has(serviceName)), ...added];
}
