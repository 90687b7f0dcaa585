/** A durable claim of a port by a project: for one of its services, or (name null) for the project itself. */
export interface Reservation {
  readonly port: number;
  readonly projectDir: string;
  readonly serviceName: string | null;
  readonly reservedAtMs: number;
}
