import type { PortHolderDocument } from './ledger.ts';
import type { LogsDocument, LogsRequest } from './logs.ts';

/** What a service makes of its reserved port: what its processes listen on, held against the reservation. */
export interface ContractDocument {
  /**
   * `honoured`: it listens on its reserved port. `elsewhere`: on other ports only. `silent`: on nothing yet. `held`: somebody
   * else listens on the reserved port.
   */
  readonly state: 'honoured' | 'elsewhere' | 'silent' | 'held';
  /** The reserved port when it has it, else what its processes listen on instead. */
  readonly listensOn: readonly number[];
  /** Who else listens on the reserved port. */
  readonly holder: PortHolderDocument | null;
  /** What to do about it: a sentence with something to type. Null when it is fine. */
  readonly remedy: string | null;
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
  readonly contract: ContractDocument | null;
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
  readonly contract: ContractDocument | null;
  /** For `logs`: the beginning of this run or, of one that was running already, what it prints from now on. */
  readonly cursor: string;
}

/** What a start has come to, as `candle start --json` prints it. */
export interface StartDocument {
  readonly services: readonly StartedDocument[];
  /** Services that did not get the port that they prefer. */
  readonly displaced: readonly {
    readonly name: string;
    readonly preferred: number;
    /** What it has now. */
    readonly port: number;
    /** `kept`: it had this reservation already. */
    readonly reason: 'reserved' | 'in-use' | 'excluded' | 'kept';
    /** Whose the preferred port is, when it is reserved; `serviceName` null when it is a project's own. */
    readonly owner: { readonly serviceName: string | null; readonly projectDir: string } | null;
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
  readonly calledOff: boolean;
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
   * themselves. `transient` makes the one that is named a service with this command, which need not be configured.
   * @throws SERVICE_START_FAILED, SERVICE_NOT_READY, SERVICE_UNKNOWN, SERVICE_NOT_CONFIGURED, CONFIG_INVALID, …
   */
  start(
    request: StartRequest & {
      readonly transient?: { readonly shell: string; readonly root?: string | undefined } | undefined;
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
