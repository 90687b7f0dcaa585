import type { ProcessIdentity, ProcessInfo } from '../system/process-table.ts';

/** A process that an earlier look found to be a member, and the session it was in then. */
export interface RecordedMember extends ProcessIdentity {
  readonly sid?: number | undefined;
}

/** What is known of a run, by which its processes are recognised. All identities are of the present boot. */
export interface RunMarks {
  readonly runId: string;
  /** Real absolute path of the run's directory. */
  readonly runDir: string;
  /** The user who started the run. */
  readonly uid: number;
  /** Undefined when the guard never told its pid. */
  readonly shim: ProcessIdentity | undefined;
  /**
   * The asker saw this run's processes in the guard's group some moments ago. Then the group is still the run's after the
   * guard's end, even if a scan catches its processes too short to read their marks.
   */
  readonly shimGroupSeen?: boolean | undefined;
  /** The reserved port, if any. */
  readonly port?: number | undefined;
  /** The port was free when the run began. */
  readonly portTestedFree: boolean;
  readonly recorded: readonly RecordedMember[];
  /** Guards of the other active runs. */
  readonly otherShims: readonly ProcessIdentity[];
  /** Never members, by pid: the calling process, the supervisor, its watchdog. */
  readonly never: readonly number[];
}

export function isSame(a: ProcessIdentity, b: ProcessIdentity | undefined): boolean {
  return b !== undefined && a.pid === b.pid && a.startToken === b.startToken;
}

export function beganBefore(a: ProcessIdentity, b: ProcessIdentity | undefined): boolean {
  return b !== undefined && Number(a.startToken) < Number(b.startToken);
}

/** In the session or the process group that the guard leads. */
export function isShim(process: ProcessInfo, shim: ProcessIdentity | undefined): boolean {
  return shim !== undefined && (process.sid === shim.pid || process.pgid === shim.pid);
}

/**
 * It writes to the run's spool or reads the run's input. By descriptor, because a person may well have the files open
 * the other way round: `less < spool`, `cat > in`.
 */
export function sharesStreams(process: ProcessInfo, runDir: string): boolean {
  const [stdin, stdout, stderr] = process.fds;
  return isFile(stdin, `${runDir}/in`) || isFile(stdout, `${runDir}/spool`) || isFile(stderr, `${runDir}/spool`);
}

function isFile(target: string | undefined, path: string): boolean {
  return target === path || target === `${path} (deleted)`; // as Linux says when the state directory was removed
}

/** What the pid of a guard means now. While anyone is left in its group the kernel gives the number to nobody else. */
export function shimPidIs(shim: ProcessIdentity, byPid: ReadonlyMap<number, ProcessInfo>): 'its' | 'unused' | 'reused' {
  const owner = byPid.get(shim.pid);
  if (owner === undefined) return 'unused';
  return isSame(shim, owner) ? 'its' : 'reused';
}
