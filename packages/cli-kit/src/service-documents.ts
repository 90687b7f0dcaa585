import type { PortOwnerDocument } from './reservations.ts';

/** What a service makes of its reserved port: what its processes listen on, held against the reservation. */
export interface PortCheckDocument {
  /**
   * `honoured`: it listens on its reserved port. `elsewhere`: on other ports only. `silent`: on nothing yet. `held`: somebody
   * else listens on the reserved port.
   */
  readonly status: 'ok' | 'wrong-port' | 'not-listening' | 'conflict';
  /** The reserved port when it has it, else what its processes listen on instead. */
  readonly listensOn: readonly number[];
  /** Who else listens on the reserved port. */
  readonly owner: PortOwnerDocument | null;
  /** What to do about it: a sentence with something to type. Null when it is fine. */
  readonly fix: string | null;
}

/** One service, as `candle list --json` prints it. Times are ISO 8601, UTC. */
export interface ServiceDocument {
  readonly name: string;
  /** Absolute. */
  readonly projectDir: string;
  /** For people: `RUNNING`, `EXITED (1)`, `not running`, … Scripts look at `running`, `ready` and `exitCode`. */
  readonly status: string;
  readonly running: boolean;
  /** Null when it does not run. */
  readonly ready: boolean | null;
  readonly pid: number | null;
  /** While it runs the port that it was given, else the one that is reserved for it. */
  readonly port: number | null;
  /** Null without a reserved port, and when it does not run. */
  readonly portCheck: PortCheckDocument | null;
  /** Of its last run; null when it has never run. */
  readonly runId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Null when it has not ended, or a signal ended it. */
  readonly exitCode: number | null;
  /** `SIGTERM`, … */
  readonly exitSignal: string | null;
  /** The command of the shell. */
  readonly shell: string | null;
  /** Absolute; the directory that it is started in. */
  readonly root: string | null;
  /** Started by `start NAME --shell …` and not configured. */
  readonly transient: boolean;
  /** It runs with another definition than the configuration has now. */
  readonly configChanged: boolean;
  /** Restarts by its policy in a row. */
  readonly restarts: number;
  readonly nextRestartAt: string | null;
  /** When its policy gave up. */
  readonly crashLoopedAt: string | null;
  /** Why its policy did not start it again. */
  readonly refusal: string | null;
}

/** A service that was started, as `candle start --json` prints it. */
export interface StartedDocument {
  readonly name: string;
  readonly projectDir: string;
  /** `kept`: it was running already. `finished`: it has ended with code 0. */
  readonly outcome: 'running' | 'finished' | 'kept';
  /** As `list` has it. */
  readonly status: string;
  readonly pid: number | null;
  /** What it got as PORT; null without a reservation. */
  readonly port: number | null;
  /** Of that port; null without one, and when it has finished. */
  readonly url: string | null;
  readonly runId: string;
  readonly startedAt: string;
  readonly shell: string;
  readonly root: string;
  /** Null when it has finished. */
  readonly ready: boolean | null;
  /** False while the reserved port does not accept connections; null without a reservation. */
  readonly portAccepts: boolean | null;
  /** Null without a reserved port, and when it has finished. */
  readonly portCheck: PortCheckDocument | null;
  /** For `logs`: the beginning of this run or, of one that was running already, what it prints from now on. */
  readonly cursor: string;
}

/** What a start has come to, as `candle start --json` prints it. */
export interface StartDocument {
  readonly services: readonly StartedDocument[];
  /** Services that did not get the port that they prefer. */
  readonly fallbacks: readonly {
    readonly name: string;
    readonly preferred: number;
    /** What it has now. */
    readonly port: number;
    /** `kept`: it had this reservation already. */
    readonly reason: 'reserved' | 'in-use' | 'excluded' | 'kept';
    /** Whose the preferred port is, when it is reserved; `serviceName` null when it is a project's own. */
    readonly reservedBy: { readonly serviceName: string | null; readonly projectDir: string } | null;
  }[];
  /** Services that were told to take another port. */
  readonly moved: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  /** Services that run with a port in their environment that was moved. */
  readonly outdated: readonly { readonly name: string; readonly runId: string; readonly ports: readonly number[] }[];
}

/** A service that was to be stopped, as `candle kill --json` prints it. */
export interface KilledDocument {
  readonly name: string;
  readonly projectDir: string;
  /** False: it was not running. */
  readonly stopped: boolean;
  /** It was about to be started again by its policy, and now is not. */
  readonly restartCancelled: boolean;
  /** It did not end by itself in time. */
  readonly forced: boolean;
  /** Processes that it had opened for the person, which were left running. */
  readonly leftRunning: readonly { readonly pid: number; readonly command: string }[];
  /** Why its stopCommand failed; null when it did not, or there is none. */
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

/** What services really listen on now, as `candle list-ports --json` prints it. */
export interface PortsDocument {
  readonly ports: readonly {
    readonly serviceName: string;
    readonly projectDir: string;
    readonly port: number;
    /** `0.0.0.0` and `::` stand for all of their family. */
    readonly addresses: readonly string[];
    readonly pid: number;
    readonly command: string;
    /** It is the one that is reserved for the service. */
    readonly reserved: boolean;
  }[];
}
