// Generated from packages/documents by `pnpm run docs`; do not edit.

/** One reservation, as `candle get-reserved-port --json` prints it. */
export interface ReservedPortDocument {
  /** 1024 to 65535; below 4000 only if that port was requested. */
  readonly port: number;
  /**
   * The service; web.HMR_PORT for a further port of one; the name of the entry in ports for another program. Null for a
   * port that is reserved for the project itself.
   */
  readonly serviceName: string | null;
  /** Real path of the project. */
  readonly projectDir: string;
}

/** A reservation that was just requested, as `candle reserve-port --json` prints it. */
export interface ClaimedPortDocument {
  /** 1024 to 65535; below 4000 only if that port was requested. */
  readonly port: number;
  /**
   * The service; web.HMR_PORT for a further port of one; the name of the entry in ports for another program. Null for a
   * port that is reserved for the project itself.
   */
  readonly serviceName: string | null;
  /** Real path of the project. */
  readonly projectDir: string;
  /**
   * Only present if a port other than the one preferred in the configuration was reserved. WhoHasPort, or candle
   * who-has, shows who uses or has reserved the preferred port.
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
  /**
   * The service; web.HMR_PORT for a further port of one; the name of the entry in ports for another program. Null for a
   * port that is reserved for the project itself.
   */
  readonly serviceName: string | null;
  /** Real path of the project. */
  readonly projectDir: string;
  /**
   * Only present if a port other than the one preferred in the configuration was reserved. WhoHasPort, or candle
   * who-has, shows who uses or has reserved the preferred port.
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
    /**
     * The service; web.HMR_PORT for a further port of one; the name of the entry in ports for another program. Null for
     * a port that is reserved for the project itself.
     */
    readonly serviceName: string | null;
    /** Real path of the project. */
    readonly projectDir: string;
    /**
     * What it is reserved for. further-port: a further port of a service, such as web.HMR_PORT. program: one that
     * Candle does not start, from ports in .candle.json.
     */
    readonly purpose: 'project' | 'service' | 'further-port' | 'program';
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
  /**
   * Only present if a service or a port was given. For a service with several ports: its own, or else the lowest of
   * them.
   */
  readonly releasedPort?: number;
  /**
   * Only present if a service or a port was given. For a service with several ports: its own, or else the lowest of
   * them.
   */
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
