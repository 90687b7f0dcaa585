import type {
  ClaimedPortDocument,
  GotOrReservedPortDocument,
  ReleasedPortsDocument,
  ReservedPortDocument,
  ReservedPortsDocument,
} from './documents/ports.ts';

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
