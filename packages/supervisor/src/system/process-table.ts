/** Identifies a process uniquely: a pid may be reused, but not a pid with the same start time (within one boot). */
export interface ProcessIdentity {
  readonly pid: number;
  /**
   * Start time as reported by the kernel, as increasing decimal text: ticks since boot (Linux), epoch seconds (macOS).
   */
  readonly startToken: string;
}

export interface ProcessInfo extends ProcessIdentity {
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  /** Effective user. */
  readonly uid: number;
  readonly isZombie: boolean;
  /** Suspended by SIGSTOP or a similar signal: it reacts only to SIGCONT and SIGKILL. */
  readonly isStopped: boolean;
  /** Blocked in the kernel until something happens: a signal interrupts that, and the process handles it at once. */
  readonly isSleeping: boolean;
  /** Short name, for messages only. */
  readonly command: string;
  /** CANDLE_RUN_ID in its environment, if readable. */
  readonly runId: string | undefined;
  /** Its environment is readable and has no CANDLE_RUN_ID. */
  readonly isWithoutRunId: boolean;
  /**
   * Targets of fds 0, 1 and 2, in this order, '' for a closed one; empty if unreadable or not requested. On Linux, a terminal is
   * followed by its file system, because a terminal in a container can have the same path.
   */
  readonly fds: readonly string[];
  /** TCP ports it listens on; empty until they are looked up (`portsOf`), because that is expensive. */
  readonly listensOn: readonly number[];
}

const shells: ReadonlySet<string> = new Set(['sh', 'dash', 'bash', 'zsh', 'ksh', 'mksh', 'ash', 'busybox', 'fish']);

/** @param command the short name of a process */
export function isShell(command: string): boolean {
  return shells.has(command);
}

/** A process that listens on a port. For processes of other users, often only the user is known. */
export interface ListeningProcess {
  readonly port: number;
  readonly pid?: number | undefined;
  readonly command?: string | undefined;
  readonly uid?: number | undefined;
  /**
   * Addresses on which it listens on this port, sorted; only in the results of `named`, `listenersOn` and
   * `strangersOn`.
   */
  readonly addresses?: readonly string[] | undefined;
}

/** What users want to know about a process before they kill it. The texts are unfiltered and not safe for a terminal. */
export interface ProcessDescription extends ProcessIdentity {
  readonly ppid: number;
  /** Effective user. */
  readonly uid: number;
  /** Short name. */
  readonly command: string;
  /** The program and its arguments, separated by spaces; the short name if the kernel does not report them. */
  readonly commandLine: string;
  /** Absolute; undefined if it cannot be read. */
  readonly cwd: string | undefined;
  /** Whether its working directory was deleted; `cwd` is then the former path. */
  readonly isCwdGone: boolean;
  /** Milliseconds since 1970, accurate to a second; undefined if the boot time is not available. */
  readonly startedAtMs: number | undefined;
}

/** What the kernel groups a process with. */
export interface ProcessSession {
  readonly pgid: number;
  readonly sid: number;
  /** Identifies its controlling terminal; undefined without one. */
  readonly terminal: string | undefined;
}

/** A socket that a process listens on. */
export interface Listener {
  readonly port: number;
  /** In the usual notation: `127.0.0.1`, `::1`; `0.0.0.0` and `::` mean all addresses. */
  readonly address: string;
}

/** A snapshot of all TCP listeners. */
export interface ListeningSockets {
  /** Identifies each socket among all that this system has had; for comparing two snapshots. */
  readonly ids: ReadonlySet<string>;
  /** The listeners on a port. Cheap: from the kernel's list, mostly without pids. */
  on(port: number): readonly ListeningProcess[];
  /** The ports of a process. Expensive on Linux: reads all open files of the process. */
  portsOf(pid: number): readonly number[];
  /**
   * The sockets of a process, one entry per socket: a port may be open on several addresses. As expensive as `portsOf`.
   */
  listenersOf(pid: number): readonly Listener[];
  /** The listeners on a port whose sockets none of these processes has open. As expensive as `portsOf` for each pid. */
  strangersOn(port: number, pids: readonly number[]): readonly ListeningProcess[];
  /**
   * The listeners on these ports, one entry per process and port, with pid and command if they can be determined. Reads
   * many open files, once for all ports: intended for messages.
   */
  named(...ports: readonly number[]): readonly ListeningProcess[];
}

export interface SnapshotOptions {
  /** Read `runId` and `fds` only for processes that started at this start token or later. */
  readonly since?: string | undefined;
}

/** Access to the kernel's list of processes. All calls are synchronous, and none throws if a process disappears. */
export interface ProcessTable {
  snapshot(options?: SnapshotOptions): readonly ProcessInfo[];
  /** The process that has this pid now, including a zombie. */
  identify(pid: number): ProcessIdentity | undefined;
  /** Whether this process still exists and is not a zombie: a zombie is dead and only waits for its parent. */
  isAlive(identity: ProcessIdentity): boolean;
  /**
   * Changes with each boot, and with each start of a container, because the container then has a new first process.
   * Start tokens and pids with different boot ids are not comparable.
   */
  bootId(): string;
  /** The living children of a process. Cheaper than a snapshot on most Linux systems. */
  childrenOf(pid: number): readonly Pick<ProcessInfo, 'pid' | 'command'>[];
  listening(): ListeningSockets;
  /** Like `listening().named(…)`. */
  listenersOn(...ports: readonly number[]): readonly ListeningProcess[];
  /** Undefined if the process is gone. Needs several reads: intended for the few processes in a message. */
  describe(pid: number): ProcessDescription | undefined;
  /**
   * A variable of the environment that the process was started with; null if it is not set, undefined if it cannot be
   * read.
   */
  variableOf(pid: number, name: string): string | null | undefined;
  /** Undefined if the process is gone. */
  sessionOf(pid: number): ProcessSession | undefined;
  /** The name of a user, if it is known locally. */
  userName(uid: number): string | undefined;
}

/**
 * Whether the boot id of a run identifies the current boot. The first versions of Candle recorded the boot id of the
 * machine without the start time of process 1, and their runs may still exist after an upgrade.
 */
export function isOfThisBoot(processes: Pick<ProcessTable, 'bootId'>, bootId: string): boolean {
  const present = processes.bootId();
  return bootId === present || present.startsWith(`${bootId}.`);
}
