import type { LogsDocument, LogsRequest } from './logs.ts';
import type {
  KilledDocument,
  PortsDocument,
  ReadyDocument,
  ServiceDocument,
  StartDocument,
} from './service-documents.ts';

export interface ServicesRequest {
  /** As `findProject` found it. */
  readonly projectDir: string;
  /** Left out or empty: all that the command of the same name takes then. */
  readonly names?: readonly string[] | undefined;
}

export interface StartRequest extends ServicesRequest {
  /**
   * Milliseconds that each has to become ready, counted from its own start; left out, nothing waits longer than a start
   * does (some seconds).
   */
  readonly waitMs?: number | undefined;
}

/** A question about one project or, without `projectDir`, every project of this state directory. */
export interface AnyServicesRequest {
  readonly projectDir?: string | undefined;
  readonly names?: readonly string[] | undefined;
}

/**
 * The services. What these functions return is what the command of the same name prints with `--json`; they throw what it
 * would tell, recognised by {@link isCandleError} and `code`. Of several services, each is worked on to its end before a
 * failure is thrown: the failure itself or, for more than one, SERVICE_SEVERAL_FAILED with `details.errors`.
 */
export interface Services {
  /** Reads only. @throws SERVICE_UNKNOWN, SERVICE_NAME_INVALID */
  list(request?: AnyServicesRequest): Promise<{ readonly services: readonly ServiceDocument[] }>;
  /**
   * Starts services in the background, and what they depend on; a running one is replaced. No names: all that start by
   * themselves. `transient` makes the one that is named a service with this command, which need not be configured; `port` is
   * reserved for it if it has none: any, or this one, or the next free one behind it. With `move` the services that are named
   * get other ports first.
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
  /** Starts what does not run and leaves the rest as it is. Safe to repeat, also many at once. @throws as `start` */
  checkStart(request: StartRequest): Promise<StartDocument>;
  /** Stops and starts, with the configuration as it is now. No names: what runs. @throws as `start` and `kill` */
  restart(request: StartRequest): Promise<StartDocument>;
  /**
   * Stops services, whole process trees; their ports are free when it returns. No names: all of the project.
   * @throws SERVICE_SURVIVED, PORT_STILL_HELD, SERVICE_UNKNOWN
   */
  kill(request: ServicesRequest): Promise<{ readonly services: readonly KilledDocument[] }>;
  /**
   * Waits until a service is ready. `timeoutMs`: milliseconds, 30000 when left out; 0 looks once.
   * @throws SERVICE_NOT_RUNNING, SERVICE_ENDED_UNREADY, SERVICE_NOT_READY, SERVICE_UNKNOWN
   */
  waitForReady(request: {
    readonly projectDir: string;
    readonly name: string;
    readonly timeoutMs?: number | undefined;
  }): Promise<ReadyDocument>;
  /** The last lines, or the first ones behind a cursor. Reads only. @throws SERVICE_UNKNOWN, LOGS_CURSOR_UNKNOWN, … */
  logs(request: LogsRequest): Promise<LogsDocument>;
  /** Asks the kernel what services listen on. @throws SERVICE_UNKNOWN */
  listPorts(request?: AnyServicesRequest): Promise<PortsDocument>;
}
