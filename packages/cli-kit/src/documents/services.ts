// Generated from packages/documents by `pnpm run docs`; do not edit.
import type { PortOwnerDocument } from './ports.ts';

/** Whether a service listens on its reserved port. */
export interface PortCheckDocument {
  /**
   * ok: it listens on its reserved port. wrong-port: it listens only on other ports. not-listening: it does not listen
   * on any port yet. conflict: another process listens on the reserved port. unreserved: it listens although no port is
   * reserved for it, so a second checkout would use the same port.
   */
  readonly status: 'ok' | 'wrong-port' | 'not-listening' | 'conflict' | 'unreserved';
  /** The reserved port if the service listens on it, otherwise the ports that it listens on. */
  readonly listensOn: readonly number[];
  /** The other process that listens on the reserved port. */
  readonly owner: PortOwnerDocument | null;
  /** How to fix it: a sentence with a command to type. Null if nothing is wrong. */
  readonly fix: string | null;
}

/** One service, as `candle list --json` prints it. Times are ISO 8601, UTC. */
export interface ServiceDocument {
  readonly name: string;
  /** Real path of the project. */
  readonly projectDir: string;
  /**
   * For display: RUNNING, STARTING, STOPPING, EXITED (code), FAILED (code), LOST, DONE (a job that need not run again),
   * or not running (never started, or stopped). Programs should use running, ready and exitCode.
   */
  readonly status: string;
  readonly running: boolean;
  /** True if its readiness check has passed (by default: something listens on its port); null if it is not running. */
  readonly ready: boolean | null;
  /**
   * When its readiness check began to fail, if it was ready before; null if it is ready, has never been ready, or is
   * checked by its port.
   */
  readonly notReadySince: string | null;
  /** What its readiness check is missing since then. */
  readonly notReadyReason: string | null;
  /**
   * Its main process: the first one that is neither a shell nor a package manager that runs a script. The shell in
   * which Candle runs its command if there is no such process, as in a pipeline. Null if it is not running.
   */
  readonly pid: number | null;
  /** If it is running, the reserved port that it got as PORT; otherwise the port that is reserved for it. */
  readonly port: number | null;
  /**
   * Whether it listens on its reserved port. Null if it neither has a reserved port nor listens on a port, or if it is
   * not running and nothing listens on its port; if another program does, the status is conflict.
   */
  readonly portCheck: PortCheckDocument | null;
  /**
   * If it is running, the URL at which it is reached: on its reserved port, unless it listens only on others. Otherwise
   * the URL that it would have. Null if it has none.
   */
  readonly url: string | null;
  /**
   * The same page under a separate host name (web.fix-login.shop.localhost), so that browsers keep its cookies apart
   * from those of other checkouts. Null unless the host of url is localhost.
   */
  readonly browserUrl: string | null;
  /** ID of its newest run; null if it has never run. */
  readonly runId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** Null if it has not ended, or was ended by a signal. */
  readonly exitCode: number | null;
  /** Such as SIGTERM; null if it was not ended by a signal. */
  readonly exitSignal: string | null;
  /** If it ended by itself: what explains its exit code or signal, and what to do. Null if nothing is known. */
  readonly explanation: string | null;
  /**
   * Why a job that has succeeded is not done any more, so that the next start runs it again. Null for anything else.
   */
  readonly undoneReason: string | null;
  /** Why it prints to a pipe, although "output" is "auto", and what to change. Null if it does not. */
  readonly pipeReason: string | null;
  /** Its command line. */
  readonly shell: string | null;
  /** Absolute path of the directory that it runs in. */
  readonly root: string | null;
  /** True if it was started with its own command and is not configured. */
  readonly transient: boolean;
  /** True if it is running, and the configuration has changed since it was started, or does not contain it any more. */
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
  /** finished: its command exited with code 0. kept: it was already running, or is a job that was already done. */
  readonly outcome: 'running' | 'finished' | 'kept';
  /** For display: RUNNING, EXITED (0) if it has finished, or DONE for a job that has. */
  readonly status: string;
  /**
   * Its main process: the first one that is neither a shell nor a package manager that runs a script. The shell in
   * which Candle runs its command if there is no such process, as in a pipeline. Null if it is not running.
   */
  readonly pid: number | null;
  /** Its reserved port, passed to it as PORT. */
  readonly port: number | null;
  /**
   * The URL at which it is reached: on its reserved port, unless it listens only on others. Null if it has none or has
   * finished.
   */
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
  /**
   * Whether it listens on its reserved port. Null if it has finished, or neither has a reserved port nor listens on a
   * port.
   */
  readonly portCheck: PortCheckDocument | null;
  /**
   * What a stop signals first. tree: all of its processes, also if main is configured and it has no single main
   * process. main: its main process. Null if it is not running.
   */
  readonly stopTarget: 'tree' | 'main' | null;
  /**
   * Pass it as startAt to GetLogs, or as --start-at to candle logs, to read the output of this run from the beginning
   * or, if the service was kept, its output from now on.
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
  /** Running services whose environment still contains a former port or URL of another service: restart them. */
  readonly outdated: readonly {
    readonly name: string;
    readonly runId: string;
    /** Former ports in its environment. */
    readonly ports: readonly number[];
    /** Variables that have another value since it was started. */
    readonly variables: readonly string[];
  }[];
  /** Services whose commands were never started on this machine before, in any project. */
  readonly newCommands: readonly {
    readonly name: string;
    /** Its command line. */
    readonly shell: string;
    /** The command that runs before the service is stopped. */
    readonly stopCommand: string | null;
    /** The command that checks whether the service is ready. */
    readonly readyCommand: string | null;
  }[];
  /** What is valid, but probably not what was meant, in .candle.json and the files of envFile. */
  readonly configWarnings: readonly {
    /** Absolute path. */
    readonly file: string;
    readonly line: number | null;
    /** The field, such as services.api.prot, or the variable. */
    readonly field: string;
    /** The rest of the sentence that begins with the field. */
    readonly problem: string;
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
  /** True if it is a job that was already done: it runs again at the next start. */
  readonly jobReset: boolean;
  /**
   * False if the state directory cannot be written to. Candle records the stop when it can, and restarts nothing until
   * then.
   */
  readonly recorded: boolean;
  /** Why it is not recorded yet; null if it is. */
  readonly recordingProblem: string | null;
  /** True if it got SIGKILL: it did not exit in time, or SIGKILL is its stop signal. */
  readonly forced: boolean;
  /**
   * Processes that were left running: what it opened for the user, such as a browser, and daemons that other programs
   * use too, with their workers.
   */
  readonly leftRunning: readonly {
    readonly pid: number;
    readonly command: string;
  }[];
  /**
   * Detached programs that it had started and that listened on other ports, such as the server of an editor. They were
   * stopped with it.
   */
  readonly stoppedPrograms: readonly {
    readonly pid: number;
    readonly command: string;
    readonly ports: readonly number[];
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
