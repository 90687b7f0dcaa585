/** One reservation, as `candle reserve-port --json` prints it. */
export interface ReservedPortDocument {
  /** 1024 to 65535; below 4000 only when that number was asked for. */
  readonly port: number;
  /** Null: it is the project's own. */
  readonly serviceName: string | null;
  /** Absolute. */
  readonly projectDir: string;
}

/** The same of a reservation that was asked for just now. */
export interface ClaimedPortDocument extends ReservedPortDocument {
  /** Only when another number than the one that the configuration prefers was given. */
  readonly fallback?: { readonly preferred: number; readonly reason: 'reserved' | 'in-use' | 'excluded' };
}

/** As `candle get-or-reserve-port --json` prints it. */
export interface GotOrReservedPortDocument extends ClaimedPortDocument {
  /** False: the service had it already. */
  readonly wasReserved: boolean;
}

/** As `candle list-reserved-ports --json` prints it. */
export interface ReservedPortsDocument {
  /** Newest first. */
  readonly ports: readonly (ReservedPortDocument & {
    /** ISO 8601, UTC. */
    readonly reservedAt: string;
    /** That is checked out in the project, or a short commit; null outside of git. */
    readonly branch: string | null;
    readonly directoryGone: boolean;
    /** Who listens on a service's port without belonging to the service; empty as a rule. */
    readonly conflicts: readonly PortOwnerDocument[];
  })[];
}

/** A process that listens on a port. Of processes of other users often only the user is known. */
export interface PortOwnerDocument {
  readonly pid: number | null;
  /** Short name. */
  readonly command: string | null;
  /** The program and its arguments, as the process has them: not safe for a terminal. */
  readonly commandLine: string | null;
  readonly cwd: string | null;
  /** Its working directory was deleted. */
  readonly cwdGone: boolean;
  /** ISO 8601, UTC. */
  readonly startedAt: string | null;
  readonly uid: number | null;
  readonly user: string | null;
  /** `0.0.0.0` and `::` stand for all of their family. */
  readonly addresses: readonly string[];
  /** Null: it belongs to no service of this state directory. */
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
  /** Only when one was named, by service or by number. */
  readonly releasedPort?: number;
  /** Only when one was named. */
  readonly serviceName?: string | null;
  readonly projectDir: string;
}

/** A project, and optionally one of its services. */
export interface PortRequest {
  /** As `findProject` found it. */
  readonly projectDir: string;
  /** Left out, the port is the project's own. */
  readonly serviceName?: string | undefined;
}

/** One service of a project. */
export interface ServicePortRequest {
  /** As `findProject` found it. */
  readonly projectDir: string;
  readonly serviceName: string;
}

/**
 * The reservations of ports. What these functions return is what the command of the same name prints with `--json`; they
 * throw what it would tell, recognised by {@link isCandleError} and `code`. Safe to call from many processes at once.
 */
export interface Reservations {
  /**
   * Reserves a port: this number (1024 to 65535) or none; without one, what the service's configuration wishes for, else
   * the next free one.
   * @throws PORT_ALREADY_RESERVED when the service has one, PORT_NOT_AVAILABLE, PORT_PRIVILEGED, PORT_INVALID,
   * SERVICE_NAME_INVALID, PORT_RANGE_EXHAUSTED
   */
  reservePort(request: PortRequest & { readonly port?: number | undefined }): Promise<ClaimedPortDocument>;
  /** @throws PORT_NOT_RESERVED, SERVICE_NAME_INVALID */
  getReservedPort(request: ServicePortRequest): Promise<ReservedPortDocument>;
  /** However many processes ask at once, all get the same port. @throws SERVICE_NAME_INVALID, PORT_NOT_AVAILABLE, PORT_RANGE_EXHAUSTED */
  getOrReservePort(request: ServicePortRequest): Promise<GotOrReservedPortDocument>;
  /** Without a project: of every project of this state directory. */
  listReservedPorts(request?: { readonly projectDir?: string | undefined }): Promise<ReservedPortsDocument>;
  /**
   * Gives back the port of one service, one by number or, with neither, all of the project. Running services go on.
   * @throws PORT_NOT_RESERVED, PORT_NOT_RESERVED_HERE, SERVICE_NAME_INVALID
   */
  releasePorts(request: PortRequest & { readonly port?: number | undefined }): Promise<ReleasedPortsDocument>;
}
