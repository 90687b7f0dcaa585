import type { LogsDocument } from './documents/logs.ts';
import type { PortsDocument } from './documents/ports.ts';
import type { KilledDocument, ReadyDocument, ServiceDocument, StartDocument } from './documents/services.ts';
import type { LogsRequest } from './logs.ts';

export interface ServicesRequest {
  /** Directory returned by `findProject`. */
  readonly projectDir: string;
  /** If omitted or empty: the services that the command of the same name uses without names. */
  readonly names?: readonly string[] | undefined;
}

export interface StartRequest extends ServicesRequest {
  /**
   * Timeout in milliseconds for each service to become ready, counted from its own start. If omitted, the call waits
   * only as long as a start usually takes (a few seconds).
   */
  readonly waitMs?: number | undefined;
}

/** A request about one project or, without `projectDir`, every project in this state directory. */
export interface AnyServicesRequest {
  readonly projectDir?: string | undefined;
  readonly names?: readonly string[] | undefined;
}

/**
 * Services. Each function returns the object that the command of the same name prints with `--json`, and throws the
 * same errors: check them with {@link isCandleError} and `code`. With several services, all are processed before an
 * error is thrown: a single error as it is, several as SERVICE_SEVERAL_FAILED with `details.errors`.
 */
export interface Services {
  /** Read-only. @throws SERVICE_UNKNOWN, SERVICE_NAME_INVALID */
  list(request?: AnyServicesRequest): Promise<{ readonly services: readonly ServiceDocument[] }>;
  /**
   * Starts services and their dependencies in the background. A running service is replaced. Without names: all
   * services except those with `"autostart": false`. `transient` starts the one service in `names` with the given command; it does not have to
   * be configured. If it has no port, its `port` is reserved for it: any free port with `auto`, otherwise that port or,
   * if it is not available, the next free one after it. With `move`, the services in `names` get other ports first.
   * @throws SERVICE_START_FAILED, SERVICE_NOT_READY, SERVICE_UNKNOWN, SERVICE_NOT_CONFIGURED, CONFIG_INVALID, …
   */
  start(
    request: StartRequest & {
      readonly transient?:
        | {
            readonly shell: string;
            readonly root?: string | undefined;
            /** 1024 to 65535. */
            readonly port?: 'auto' | number | undefined;
          }
        | undefined;
      readonly move?: boolean | undefined;
    },
  ): Promise<StartDocument>;
  /**
   * Starts services that are not running and leaves the others alone. Safe to repeat and to call concurrently.
   * @throws the errors of `start`
   */
  checkStart(request: StartRequest): Promise<StartDocument>;
  /**
   * Stops services and starts them with their current configuration. Without names: all running services.
   * @throws the errors of `start` and `kill`
   */
  restart(request: StartRequest): Promise<StartDocument>;
  /**
   * Stops services and all their child processes. Their ports are free when it returns. Without names: all services of
   * the project.
   * @throws SERVICE_SURVIVED, PORT_STILL_IN_USE, SERVICE_UNKNOWN
   */
  kill(request: ServicesRequest): Promise<{ readonly services: readonly KilledDocument[] }>;
  /**
   * Waits until a service is ready. `timeoutMs` is in milliseconds (default 30000); 0 checks once.
   * @throws SERVICE_NOT_RUNNING, SERVICE_ENDED_UNREADY, SERVICE_NOT_READY, SERVICE_UNKNOWN
   */
  waitForReady(request: {
    readonly projectDir: string;
    readonly name: string;
    readonly timeoutMs?: number | undefined;
  }): Promise<ReadyDocument>;
  /**
   * Returns the last lines, or the first ones after a cursor. Read-only.
   * @throws SERVICE_UNKNOWN, LOGS_CURSOR_UNKNOWN, …
   */
  logs(request: LogsRequest): Promise<LogsDocument>;
  /** Asks the kernel which ports services listen on. @throws SERVICE_UNKNOWN */
  listPorts(request?: AnyServicesRequest): Promise<PortsDocument>;
}
