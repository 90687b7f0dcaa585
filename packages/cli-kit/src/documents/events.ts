// Generated from packages/documents by `pnpm run docs`; do not edit.

/**
 * Something that has happened. Events are raised after the change is stored in Candle's database, whether a command, an
 * agent or the restart policy caused it.
 */
export type CandleEvent = PortReservedEvent | PortReleasedEvent | ServiceStartedEvent | ServiceStoppedEvent;

/** A port was reserved. */
export interface PortReservedEvent {
  readonly kind: 'port-reserved';
  /** When it happened: milliseconds since 1970, UTC. */
  readonly atMs: number;
  /** Real path of the project. */
  readonly projectDir: string;
  readonly port: number;
  /**
   * The service; web.HMR_PORT for a further port of one; the name of the entry in ports for another program. Null for a
   * port that is reserved for the project itself.
   */
  readonly serviceName: string | null;
}

/**
 * A port was released. The service may still be running. `candle erase-database` releases all ports without raising
 * this event.
 */
export interface PortReleasedEvent {
  readonly kind: 'port-released';
  /** When it happened: milliseconds since 1970, UTC. */
  readonly atMs: number;
  /** Real path of the project. */
  readonly projectDir: string;
  readonly port: number;
  /**
   * The service; web.HMR_PORT for a further port of one; the name of the entry in ports for another program. Null for a
   * port that is reserved for the project itself.
   */
  readonly serviceName: string | null;
}

/** A start has succeeded: the service still runs after half a second, and is ready if Candle waits for that. */
export interface ServiceStartedEvent {
  readonly kind: 'service-started';
  /** When it happened: milliseconds since 1970, UTC. */
  readonly atMs: number;
  /** Real path of the project. */
  readonly projectDir: string;
  readonly serviceName: string;
  /** The reserved port that it was started with; null without a reservation. */
  readonly port: number | null;
  /** Identifies this run of the service; service-started and service-stopped of one run have the same ID. */
  readonly runId: string;
  /** PID of its process group leader; null if there was none. */
  readonly pid: number | null;
  /** 0 if the start was requested; n for the nth consecutive restart by its restart policy. */
  readonly attempt: number;
}

/**
 * A run of a service has ended. If it ended before its start had succeeded, there is no `service-started` event before.
 */
export interface ServiceStoppedEvent {
  readonly kind: 'service-stopped';
  /** When it happened: milliseconds since 1970, UTC. */
  readonly atMs: number;
  /** Real path of the project. */
  readonly projectDir: string;
  readonly serviceName: string;
  /** The reserved port that it was started with; null without a reservation. */
  readonly port: number | null;
  /** Identifies this run of the service; service-started and service-stopped of one run have the same ID. */
  readonly runId: string;
  /** PID of its process group leader; null if there was none. */
  readonly pid: number | null;
  /** 128 or higher if it was ended by a signal; null if unknown. */
  readonly exitCode: number | null;
  /** Such as SIGKILL; null if it was not ended by a signal. */
  readonly exitSignal: string | null;
  /**
   * exited: it exited by itself. stopped: it was stopped. replaced: a newer start replaced it. interrupted: its start
   * was interrupted. lost: its end was not observed.
   */
  readonly reason: 'exited' | 'stopped' | 'replaced' | 'interrupted' | 'lost';
}
