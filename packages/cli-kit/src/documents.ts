// Generated from packages/documents by `pnpm run docs`; do not edit.

/** One reservation, as `candle get-reserved-port --json` prints it. */
export interface ReservedPortDocument {
  /** 1024 to 65535; below 4000 only if that port was requested. */
  readonly port: number;
  /** Null for a port that is reserved for the project itself. */
  readonly serviceName: string | null;
  /** Real path of the project. */
  readonly projectDir: string;
}

/** A reservation that was just requested, as `candle reserve-port --json` prints it. */
export interface ClaimedPortDocument {
  /** 1024 to 65535; below 4000 only if that port was requested. */
  readonly port: number;
  /** Null for a port that is reserved for the project itself. */
  readonly serviceName: string | null;
  /** Real path of the project. */
  readonly projectDir: string;
  /**
   * Only present if a port other than the one preferred in the configuration was reserved. who-has shows who uses or
   * has reserved the preferred port.
   */
  readonly fallback?: {
    readonly preferred: number;
    readonly reason: 'reserved' | 'in-use' | 'excluded';
  };
}

/** As `candle get-or-reserve-port --json` prints it. */
export interface GotOrReservedPortDocument {
  /** 1024 to 65535; below 4000 only if that port was requested. */
  readonly port: number;
  /** Null for a port that is reserved for the project itself. */
  readonly serviceName: string | null;
  /** Real path of the project. */
  readonly projectDir: string;
  /**
   * Only present if a port other than the one preferred in the configuration was reserved. who-has shows who uses or
   * has reserved the preferred port.
   */
  readonly fallback?: {
    readonly preferred: number;
    readonly reason: 'reserved' | 'in-use' | 'excluded';
  };
  /** True if this call reserved the port; false if the service already had it. */
  readonly wasReserved: boolean;
}

/** As `candle list-reserved-ports --json` prints it. */
export interface ReservedPortsDocument {
  /** Newest first. */
  readonly ports: readonly {
    /** 1024 to 65535; below 4000 only if that port was requested. */
    readonly port: number;
    /** Null for a port that is reserved for the project itself. */
    readonly serviceName: string | null;
    /** Real path of the project. */
    readonly projectDir: string;
    /** ISO 8601, UTC. */
    readonly reservedAt: string;
    /** Checked-out branch, or a short commit hash; null outside a Git repository. */
    readonly branch: string | null;
    /** True if the directory was deleted. */
    readonly directoryGone: boolean;
    /** Processes that listen on a service's port without belonging to the service; usually empty. */
    readonly conflicts: readonly PortOwnerDocument[];
  }[];
}

/** As `candle release-ports --json` prints it. */
export interface ReleasedPortsDocument {
  readonly releasedCount: number;
  /** Only present if a service or a port was given. */
  readonly releasedPort?: number;
  /** Only present if a service or a port was given. */
  readonly serviceName?: string | null;
  /** Real path of the project. */
  readonly projectDir: string;
}

/** A process that listens on a port. Times are ISO 8601, UTC. */
export interface PortOwnerDocument {
  /** For processes of other users, often only the user is known. */
  readonly pid: number | null;
  /** Short name of the program. */
  readonly command: string | null;
  /** The program and its arguments, unmodified: not safe to print to a terminal. */
  readonly commandLine: string | null;
  readonly cwd: string | null;
  /** True if its working directory was deleted. */
  readonly cwdGone: boolean;
  readonly startedAt: string | null;
  readonly uid: number | null;
  readonly user: string | null;
  /** 0.0.0.0 and :: mean all addresses of their family. */
  readonly addresses: readonly string[];
  /** Null if the process does not belong to a Candle service. */
  readonly service: {
    readonly name: string;
    /** Real path of the project. */
    readonly projectDir: string;
    /** Checked-out branch, or a short commit hash; null outside a Git repository. */
    readonly branch: string | null;
    /** True if the directory was deleted. */
    readonly directoryGone: boolean;
    readonly runId: string;
  } | null;
}

/** Whether a service listens on its reserved port. */
export interface PortCheckDocument {
  /**
   * ok: it listens on its reserved port. wrong-port: it listens only on other ports. not-listening: it does not listen
   * on any port yet. conflict: another process listens on the reserved port.
   */
  readonly status: 'ok' | 'wrong-port' | 'not-listening' | 'conflict';
  /** The reserved port if the service listens on it, otherwise the ports that it listens on instead. */
  readonly listensOn: readonly number[];
  /** The other process that listens on the reserved port. */
  readonly owner: PortOwnerDocument | null;
  /** How to fix it: a sentence with a command to type. Null if nothing is wrong. */
  readonly fix: string | null;
}

/** The ports that services currently listen on, as `candle list-ports --json` prints them. */
export interface PortsDocument {
  readonly ports: readonly {
    readonly serviceName: string;
    /** Real path of the project. */
    readonly projectDir: string;
    readonly port: number;
    /** 0.0.0.0 and :: mean all addresses of their family. */
    readonly addresses: readonly string[];
    readonly pid: number;
    readonly command: string;
    /** True if the port is reserved for this service. */
    readonly reserved: boolean;
  }[];
}

/** One service, as `candle list --json` prints it. Times are ISO 8601, UTC. */
export interface ServiceDocument {
  readonly name: string;
  /** Real path of the project. */
  readonly projectDir: string;
  /**
   * For display: RUNNING, STARTING, STOPPING, EXITED (code), FAILED (code), LOST, or not running (never started, or
   * stopped). Programs should use running, ready and exitCode.
   */
  readonly status: string;
  readonly running: boolean;
  /** True if its readiness check has passed (by default: something listens on its port); null if it is not running. */
  readonly ready: boolean | null;
  readonly pid: number | null;
  /** If it is running, the reserved port that it got as PORT; otherwise the port that is reserved for it. */
  readonly port: number | null;
  /** Whether it listens on its reserved port; null if it has no reserved port or is not running. */
  readonly portCheck: PortCheckDocument | null;
  /** ID of its newest run; null if it has never run. */
  readonly runId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Null if it has not ended, or was ended by a signal. */
  readonly exitCode: number | null;
  /** Such as SIGTERM; null if it was not ended by a signal. */
  readonly exitSignal: string | null;
  /** Its command line. */
  readonly shell: string | null;
  /** Absolute path of the directory that it runs in. */
  readonly root: string | null;
  /** True if it was started with its own command and is not configured. */
  readonly transient: boolean;
  /** True if the configuration has changed since it was started. */
  readonly configChanged: boolean;
  /** Number of consecutive restarts by its restart policy. */
  readonly restarts: number;
  /** When its restart policy will start it again. */
  readonly nextRestartAt: string | null;
  /** When its restart policy gave up because the service kept exiting. */
  readonly crashLoopedAt: string | null;
  /** Why its restart policy did not start it again. */
  readonly refusal: string | null;
}

/** A service that was started, as `candle start --json` prints it. */
export interface StartedDocument {
  readonly name: string;
  /** Real path of the project. */
  readonly projectDir: string;
  /** finished: its command exited with code 0. kept: it was already running. */
  readonly outcome: 'running' | 'finished' | 'kept';
  /** For display: RUNNING, or EXITED (0) if it has finished. */
  readonly status: string;
  readonly pid: number | null;
  /** Its reserved port, passed to it as PORT. */
  readonly port: number | null;
  /** URL of its reserved port; null if it has none or has finished. */
  readonly url: string | null;
  readonly runId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Its command line. */
  readonly shell: string;
  /** Absolute path of the directory that it runs in. */
  readonly root: string;
  /** Null if it has finished. */
  readonly ready: boolean | null;
  /** False while its reserved port does not accept connections yet; null if it has no reserved port. */
  readonly portAccepts: boolean | null;
  /** Whether it listens on its reserved port; null if it has no reserved port or has finished. */
  readonly portCheck: PortCheckDocument | null;
  /**
   * Pass it to logs as startAt to read the output of this run from the beginning or, if the service was kept, its
   * output from now on.
   */
  readonly cursor: string;
}

/** The result of a start, as `candle start --json` prints it. */
export interface StartDocument {
  /** Services that did not get their preferred port. */
  readonly fallbacks: readonly {
    readonly name: string;
    readonly preferred: number;
    /** Its current port. */
    readonly port: number;
    /** kept: the service already had this reservation; release it first to get another port. */
    readonly reason: 'reserved' | 'in-use' | 'excluded' | 'kept';
    /** Who reserved the preferred port; null if it is not reserved. */
    readonly reservedBy: {
      readonly serviceName: string | null;
      readonly projectDir: string;
    } | null;
  }[];
  /** Services that got another port because that was requested. */
  readonly moved: readonly {
    readonly name: string;
    readonly from: number;
    readonly to: number;
  }[];
  /** Running services whose environment still contains a port that was moved: restart them. */
  readonly outdated: readonly {
    readonly name: string;
    readonly runId: string;
    readonly ports: readonly number[];
  }[];
  readonly services: readonly StartedDocument[];
}

/** The result of stopping a service, as `candle kill --json` prints it. */
export interface KilledDocument {
  readonly name: string;
  /** Real path of the project. */
  readonly projectDir: string;
  /** False if it was not running. */
  readonly stopped: boolean;
  /** True if this call cancelled a pending restart by its restart policy. */
  readonly restartCancelled: boolean;
  /** True if it did not exit in time and was killed. */
  readonly forced: boolean;
  /** Processes that it opened for the user, for example a browser, and that were left running. */
  readonly leftRunning: readonly {
    readonly pid: number;
    readonly command: string;
  }[];
  /** Why its stopCommand failed; the service is stopped anyway. Null if it did not fail or there is none. */
  readonly stopCommandProblem: string | null;
}

/** A service that is ready, as `candle wait-for-ready --json` prints it. */
export interface ReadyDocument {
  readonly name: string;
  /** Real path of the project. */
  readonly projectDir: string;
  readonly ready: true;
  readonly runId: string;
  readonly pid: number | null;
  readonly port: number | null;
}

/** The output of services, as `candle logs --json` prints it, without escape sequences. */
export interface LogsDocument {
  readonly services: readonly {
    readonly name: string;
    /** Real path of the project. */
    readonly projectDir: string;
    /** Oldest first. */
    readonly entries: readonly LogEntryDocument[];
    /** Pass it to logs as startAt to read what follows; null if the service has never run. */
    readonly cursor: string | null;
    /** Only present if the result of an MCP tool was too long: what was omitted, and how to get it. */
    readonly leftOut?: string;
  }[];
}

/** A line that a service printed, or an event of its run. Times are ISO 8601, UTC, and null if unknown. */
export type LogEntryDocument =
  | {
      readonly kind: 'line';
      readonly runId: string;
      /** Without escape sequences. MCP tools cut it after 2000 characters and add a mark; --json does not. */
      readonly text: string;
      readonly at: string | null;
      /** Only present if the time is approximate: the line may have been printed earlier. */
      readonly approximate?: true;
      /** Position after the line. */
      readonly cursor: string;
      /** Only present if the line has no newline (yet). */
      readonly partial?: true;
      /** Only present if the line continues the partial line before it. */
      readonly continues?: true;
      /** Number of omitted characters; only present if the line was cut. */
      readonly cut?: number;
    }
  | {
      readonly kind: 'started';
      readonly runId: string;
      /** ISO 8601, UTC. */
      readonly at: string;
      /** Number of consecutive restarts by the restart policy; 0 if the start was requested. */
      readonly attempt: number;
    }
  | {
      readonly kind: 'ended';
      readonly runId: string;
      readonly at: string | null;
      readonly exitCode: number | null;
      readonly exitSignal: string | null;
      readonly reason: string;
    }
  | {
      readonly kind: 'truncated';
      readonly runId: string;
      readonly at: string | null;
    }
  | {
      readonly kind: 'evicted';
      readonly runId: string;
    };
