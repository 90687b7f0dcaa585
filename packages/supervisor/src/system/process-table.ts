/** Names one process for ever: a pid is handed out again, a pid with its start time is not (within one boot). */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the kernel tells it, decimal text that grows with time: ticks since boot (Linux), epoch seconds (macOS). */
  readonly startToken: string;
}

export interface ProcessInfo extends ProcessIdentity {
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  /** Effective user. */
  readonly uid: number;
  readonly isZombie: boolean;
  /** Stopped by SIGSTOP or its like: it reacts to nothing but SIGCONT and SIGKILL. */
  readonly isStopped: boolean;
  /** Short name, for messages only. */
  readonly command: string;
  /** CANDLE_RUN_ID of its environment, when readable. */
  readonly runId: string | undefined;
  /** What fds 0, 1 and 2 point to, in this order, '' for a closed one; empty when unreadable or not asked for. */
  readonly fds: readonly string[];
  /** TCP ports it listens on; empty until somebody looked (`portsOf`), because the look is costly. */
  readonly listensOn: readonly number[];
}

/** Who listens on a port. Of another user's process often only the user is known. */
export interface ListeningProcess {
  readonly port: number;
  readonly pid?: number | undefined;
  readonly command?: string | undefined;
  readonly uid?: number | undefined;
  /** Of this port, sorted; told with the name only. */
  readonly addresses?: readonly string[] | undefined;
}

/** What people want to know of a process before they end it. All texts are as the process has them: not safe for a terminal. */
export interface ProcessDescription extends ProcessIdentity {
  readonly ppid: number;
  /** Effective user. */
  readonly uid: number;
  /** Short name. */
  readonly command: string;
  /** The program and its arguments, with spaces between them; the short name where the kernel tells no more. */
  readonly commandLine: string;
  /** Absolute; undefined when it may not be read. */
  readonly cwd: string | undefined;
  /** Its working directory was deleted; `cwd` says where it was. */
  readonly isCwdGone: boolean;
  /** Milliseconds since 1970, exact to a second; undefined where the time of boot is not told. */
  readonly startedAtMs: number | undefined;
}

/** What a process listens on. */
export interface Listener {
  readonly port: number;
  /** As people write it: `127.0.0.1`, `::1`; `0.0.0.0` and `::` stand for all. */
  readonly address: string;
}

/** The TCP listeners of one instant. */
export interface ListeningSockets {
  /** Cheap: from the kernel's list, pids mostly unknown. */
  on(port: number): readonly ListeningProcess[];
  /** Costly on Linux: walks all open files of the process. */
  portsOf(pid: number): readonly number[];
  /** As costly. One entry a socket: a port may be open at several addresses. */
  listenersOf(pid: number): readonly Listener[];
  /** As costly for each pid: who else listens on a port, with a socket that none of these processes has open. */
  strangersOn(port: number, pids: readonly number[]): readonly ListeningProcess[];
  /**
   * The holders of these ports, an entry for each process and port, by name where that can be found out. Walks many open
   * files, once for all ports: for messages.
   */
  named(...ports: readonly number[]): readonly ListeningProcess[];
}

export interface SnapshotOptions {
  /** Read `runId` and `fds` only of processes that began at this start token or later. */
  readonly since?: string | undefined;
}

/** The edge to the kernel's list of processes. All calls are synchronous; none throws for a process that vanishes. */
export interface ProcessTable {
  snapshot(options?: SnapshotOptions): readonly ProcessInfo[];
  /** Who has this pid now (a zombie included). */
  identify(pid: number): ProcessIdentity | undefined;
  /** The same process, and no zombie: a zombie is dead and only waits for its parent. */
  isAlive(identity: ProcessIdentity): boolean;
  /**
   * Changes with each boot, and with each start of a container, whose first process is then another one; start tokens and
   * pids of two of them say nothing about each other.
   */
  bootId(): string;
  listening(): ListeningSockets;
  /** `named` of a look of its own. */
  listenersOn(...ports: readonly number[]): readonly ListeningProcess[];
  /** Costs some reads: for the few processes that a message is about. Undefined when it is gone. */
  describe(pid: number): ProcessDescription | undefined;
  /** A variable of the environment that it was started with; null when it has none of that name, undefined when it may not be read. */
  variableOf(pid: number, name: string): string | null | undefined;
  /** The name of a user, where this machine itself knows it. */
  userName(uid: number): string | undefined;
}
