/** A port that a project keeps until it is released: for one of its services, or (`serviceName` null) for the project itself. */
export interface Reservation {
  readonly port: number;
  readonly projectDir: string;
  readonly serviceName: string | null;
  readonly reservedAtMs: number;
}
