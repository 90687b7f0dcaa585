/** One reservation, as `candle reserve-port --json` prints it. */
export interface ReservedPortDocument {
  /** 1024 to 65535; below 4000 only if that port was requested. */
  readonly port: number;
  /** Null for a port that is reserved for the project itself. */
  readonly serviceName: string | null;
  /** Absolute path. */
  readonly projectDir: string;
}

/** A reservation that was just requested. */
export interface ClaimedPortDocument extends ReservedPortDocument {
  /** Only present if a port other than the one preferred in the configuration was reserved. */
  readonly fallback?: { readonly preferred: number; readonly reason: 'reserved' | 'in-use' | 'excluded' };
}

/** As `candle get-or-reserve-port --json` prints it. */
export interface GotOrReservedPortDocument extends ClaimedPortDocument {
  /** False if the service already had the port. */
  readonly wasReserved: boolean;
}

/** As `candle list-reserved-ports --json` prints it. */
export interface ReservedPortsDocument {
  /** Newest first. */
  readonly ports: readonly (ReservedPortDocument & {
    /** ISO 8601, UTC. */
    readonly reservedAt: string;
    /** Branch checked out in the project, or a short commit hash; null outside a Git repository. */
    readonly branch: string | null;
    readonly directoryGone: boolean;
    /** Processes that listen on a service's port without belonging to the service; usually empty. */
    readonly conflicts: readonly PortOwnerDocument[];
  })[];
}

/** A process that listens on a port. For processes of other users, often only the user is known. */
export interface PortOwnerDocument {
  readonly pid: number | null;
  /** Short name of the program. */
  readonly command: string | null;
  /** The program and its arguments, unmodified: not safe to print to a terminal. */
  readonly commandLine: string | null;
  readonly cwd: string | null;
  /** True if its working directory was deleted. */
  readonly cwdGone: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string | null;
  readonly uid: number | null;
  readonly user: string | null;
  /** `0.0.0.0` and `::` mean all addresses of their family. */
  readonly addresses: readonly string[];
  /** Null if the process does not belong to a service of this state directory. */
  readonly service: {
    readonly name: string;
    readonly projectDir: string;
    readonly branch: string | null;
    readonly directoryGone: boolean;
    readonly runId: string;
  } | null;
}

/** As `candle release-ports --json` prints it. */
export interface ReleasedPortsDocument {
  readonly releasedCount: number;
  /** Only present if the request specified a service or a port. */
  readonly releasedPort?: number;
  /** Only present if the request specified a service or a port. */
  readonly serviceName?: string | null;
  readonly projectDir: string;
}

/** A project, and optionally one of its services. */
export interface PortRequest {
  /** Directory returned by `findProject`. */
  readonly projectDir: string;
  /** If omitted, the port is reserved for the project itself. */
  readonly serviceName?: string | undefined;
}

/** One service of a project. */
export interface ServicePortRequest {
  /** Directory returned by `findProject`. */
  readonly projectDir: string;
  readonly serviceName: string;
}

/**
 * Port reservations. Each function returns the object that the command of the same name prints with `--json`, and
 * throws the same errors: check them with {@link isCandleError} and `code`. Safe to call from many processes at once.
 */
export interface Reservations {
  /**
   * Reserves the given port (1024 to 65535) and fails if it is not available. Without `port`, reserves the preferred
   * port in the service's configuration, else the next free one.
   * @throws PORT_ALREADY_RESERVED if the service already has a port, PORT_NOT_AVAILABLE, PORT_PRIVILEGED, PORT_INVALID,
   * SERVICE_NAME_INVALID, PORT_RANGE_EXHAUSTED
   */
  reservePort(request: PortRequest & { readonly port?: number | undefined }): Promise<ClaimedPortDocument>;
  /** @throws PORT_NOT_RESERVED, SERVICE_NAME_INVALID */
  getReservedPort(request: ServicePortRequest): Promise<ReservedPortDocument>;
  /**
   * Concurrent calls from any number of processes all get the same port.
   * @throws SERVICE_NAME_INVALID, PORT_NOT_AVAILABLE, PORT_RANGE_EXHAUSTED
   */
  getOrReservePort(request: ServicePortRequest): Promise<GotOrReservedPortDocument>;
  /** Without `projectDir`: lists the ports of every project in this state directory. */
  listReservedPorts(request?: { readonly projectDir?: string | undefined }): Promise<ReservedPortsDocument>;
  /**
   * Releases the port of one service, one port by its number or, with neither, all ports of the project. Running
   * services are not affected.
   * @throws PORT_NOT_RESERVED, PORT_NOT_RESERVED_HERE, SERVICE_NAME_INVALID
   */
  releasePorts(request: PortRequest & { readonly port?: number | undefined }): Promise<ReleasedPortsDocument>;
}
