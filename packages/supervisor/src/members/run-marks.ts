import type { ProcessIdentity, ProcessInfo } from '../system/process-table.ts';

/** A process that was a member in an earlier snapshot, and the session it was in then. */
export interface RecordedMember extends ProcessIdentity {
  readonly sid?: number | undefined;
}

/** The marks that identify the processes of a run. All identities are from the current boot. */
export interface RunMarks {
  readonly runId: string;
  /** Real absolute path of the run's directory. */
  readonly runDir: string;
  /** The user who started the run. */
  readonly uid: number;
  /** Undefined if the shim never wrote its pid. */
  readonly shim: ProcessIdentity | undefined;
  /**
   * The caller saw processes of this run in the shim's group moments ago. The group then still belongs to the run after
   * the shim has exited, even if the processes in it are too short-lived for a scan to read their marks.
   */
  readonly shimGroupSeen?: boolean | undefined;
  /** The reserved port, if any. */
  readonly port?: number | undefined;
  /** Whether the port was free when the run began. */
  readonly portTestedFree: boolean;
  readonly recorded: readonly RecordedMember[];
  /** Shims of the other active runs. */
  readonly otherShims: readonly ProcessIdentity[];
  /** Pids of processes that are never members: the calling process, the supervisor, its watchdog. */
  readonly never: readonly number[];
}

export function isSame(a: ProcessIdentity, b: ProcessIdentity | undefined): boolean {
  return b !== undefined && a.pid === b.pid && a.startToken === b.startToken;
}

export function beganBefore(a: ProcessIdentity, b: ProcessIdentity | undefined): boolean {
  return b !== undefined && Number(a.startToken) < Number(b.startToken);
}

/** Whether the process is in the session or the process group that the shim leads. */
export function isInShimGroup(process: ProcessInfo, shim: ProcessIdentity | undefined): boolean {
  return shim !== undefined && (process.sid === shim.pid || process.pgid === shim.pid);
}

/**
 * Whether the process writes to the run's spool or reads the run's input. Checks each descriptor separately, because a
 * user may have the files open the other way round: `less < spool`, `cat > in`.
 */
export function sharesStreams(process: ProcessInfo, runDir: string): boolean {
  const [stdin, stdout, stderr] = process.fds;
  return isFile(stdin, `${runDir}/in`) || isFile(stdout, `${runDir}/spool`) || isFile(stderr, `${runDir}/spool`);
}

function isFile(target: string | undefined, path: string): boolean {
  return target === path || target === `${path} (deleted)`; // shown by Linux if the state directory was removed
}

/**
 * Which process has the pid of a shim now: the shim, none, or another process. The kernel does not reuse the pid while
 * any process is left in the shim's group.
 */
export function shimPidState(
  shim: ProcessIdentity,
  byPid: ReadonlyMap<number, ProcessInfo>,
): 'shim' | 'unused' | 'reused' {
  const current = byPid.get(shim.pid);
  if (current === undefined) return 'unused';
  return isSame(shim, current) ? 'shim' : 'reused';
}
