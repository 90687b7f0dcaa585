/** A port that a project keeps until it is released: for one of its services, or (`serviceName` null) for the project itself. */
export interface Reservation {
  readonly port: number;
  readonly projectDir: string;
  readonly serviceName: string | null;
  readonly reservedAtMs: number;
}

/** The command that a hint suggests to start a service with, possibly with `--move`: the one that the user has typed. */
export type StartVerb = 'start' | 'up';
