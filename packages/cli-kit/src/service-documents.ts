import type { PortOwnerDocument } from './reservations.ts';

/** Whether a service listens on its reserved port. */
export interface PortCheckDocument {
  /**
   * `ok`: it listens on its reserved port. `wrong-port`: it listens only on other ports. `not-listening`: it does not
   * listen on any port yet. `conflict`: another process listens on the reserved port.
   */
  readonly status: 'ok' | 'wrong-port' | 'not-listening' | 'conflict';
  /** The reserved port if the service listens on it, otherwise the ports that it listens on instead. */
  readonly listensOn: readonly number[];
  /** The other process that listens on the reserved port. */
  readonly owner: PortOwnerDocument | null;
  /** How to fix it: a sentence with a command to type. Null if nothing is wrong. */
  readonly fix: string | null;
}

/** One service, as `candle list --json` prints it. Times are ISO 8601, UTC. */
export interface ServiceDocument {
  readonly name: string;
  /** Absolute path. */
  readonly projectDir: string;
  /** For display: `RUNNING`, `EXITED (1)`, `not running`, … Scripts should use `running`, `ready` and `exitCode`. */
  readonly status: string;
  readonly running: boolean;
  /** Null if it is not running. */
  readonly ready: boolean | null;
  readonly pid: number | null;
  /** If it is running, the port that it was started with; otherwise the port that is reserved for it. */
  readonly port: number | null;
  /** Null if it has no reserved port or is not running. */
  readonly portCheck: PortCheckDocument | null;
  /** ID of its last run; null if it has never run. */
  readonly runId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Null if it has not ended, or was ended by a signal. */
  readonly exitCode: number | null;
  /** `SIGTERM`, … */
  readonly exitSignal: string | null;
  /** Its shell command. */
  readonly shell: string | null;
  /** Absolute path of the directory that it is started in. */
  readonly root: string | null;
  /** True if it was started with `start NAME --shell …` and is not configured. */
  readonly transient: boolean;
  /** True if the configuration has changed since it was started. */
  readonly configChanged: boolean;
  /** Number of consecutive restarts by its restart policy. */
  readonly restarts: number;
  /** When its restart policy will start it again. */
  readonly nextRestartAt: string | null;
  /** When its restart policy gave up. */
  readonly crashLoopedAt: string | null;
  /** Why its restart policy did not start it again. */
  readonly refusal: string | null;
}

/** A service that was started, as `candle start --json` prints it. */
export interface StartedDocument {
  readonly name: string;
  readonly projectDir: string;
  /** `kept`: it was already running. `finished`: it exited with code 0. */
  readonly outcome: 'running' | 'finished' | 'kept';
  /** As in `list`. */
  readonly status: string;
  readonly pid: number | null;
  /** Its reserved port, passed to it as PORT; null without a reservation. */
  readonly port: number | null;
  /** URL of that port; null if it has none or has finished. */
  readonly url: string | null;
  readonly runId: string;
  readonly startedAt: string;
  readonly shell: string;
  readonly root: string;
  /** Null if it has finished. */
  readonly ready: boolean | null;
  /** False while the reserved port does not accept connections; null without a reservation. */
  readonly portAccepts: boolean | null;
  /** Null if it has no reserved port or has finished. */
  readonly portCheck: PortCheckDocument | null;
  /** Cursor for `logs`: the beginning of this run or, if it was already running, the current end of its output. */
  readonly cursor: string;
}

/** The result of a start, as `candle start --json` prints it. */
export interface StartDocument {
  readonly services: readonly StartedDocument[];
  /** Services that did not get their preferred port. */
  readonly fallbacks: readonly {
    readonly name: string;
    readonly preferred: number;
    /** Its current port. */
    readonly port: number;
    /** `kept`: the service already had this reservation. */
    readonly reason: 'reserved' | 'in-use' | 'excluded' | 'kept';
    /**
     * Who reserved the preferred port; null if it is not reserved. `serviceName` is null if it is reserved for a
     * project itself.
     */
    readonly reservedBy: { readonly serviceName: string | null; readonly projectDir: string } | null;
  }[];
  /** Services that got another port because `move` was set. */
  readonly moved: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  /** Running services whose environment still contains a port that was moved. */
  readonly outdated: readonly { readonly name: string; readonly runId: string; readonly ports: readonly number[] }[];
}

/** The result of stopping a service, as `candle kill --json` prints it. */
export interface KilledDocument {
  readonly name: string;
  readonly projectDir: string;
  /** False if it was not running. */
  readonly stopped: boolean;
  /** True if a pending restart by its restart policy was cancelled. */
  readonly restartCancelled: boolean;
  /** True if it did not exit in time and was killed. */
  readonly forced: boolean;
  /** Processes that it opened for the user, for example a browser, and that were left running. */
  readonly leftRunning: readonly { readonly pid: number; readonly command: string }[];
  /** Why its stopCommand failed; null if it did not fail or there is none. */
  readonly stopCommandProblem: string | null;
}

/** A service that is ready, as `candle wait-for-ready --json` prints it. */
export interface ReadyDocument {
  readonly name: string;
  readonly projectDir: string;
  readonly ready: true;
  readonly runId: string;
  readonly pid: number | null;
  readonly port: number | null;
}

/** The ports that services currently listen on, as `candle list-ports --json` prints them. */
export interface PortsDocument {
  readonly ports: readonly {
    readonly serviceName: string;
    readonly projectDir: string;
    readonly port: number;
    /** `0.0.0.0` and `::` mean all addresses of their family. */
    readonly addresses: readonly string[];
    readonly pid: number;
    readonly command: string;
    /** True if the port is reserved for this service. */
    readonly reserved: boolean;
  }[];
}
