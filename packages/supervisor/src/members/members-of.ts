import { basename, dirname } from 'node:path';
import type { ProcessIdentity, ProcessInfo } from '../system/process-table.ts';

export interface RunProcesses {
  /** Processes that belong to the run and end with it. */
  readonly members: readonly ProcessInfo[];
  /** Started by the run for the user, like a browser: reported, but never signalled. */
  readonly detachedHelpers: readonly ProcessInfo[];
  /** In the tree, but of another user (`sudo` in a service): Candle may not signal them, so it only reports them. */
  readonly outOfReach: readonly ProcessInfo[];
}

/**
 * Finds the processes that belong to a run. Pure.
 *
 * The calling process (`run.never`) is not a member, because `candle kill` called inside the service cannot wait for
 * its own exit. The shells above it were started by the run and are members.
 */
export function membersOf(snapshot: readonly ProcessInfo[], run: RunMarks): RunProcesses {
  return sortTied(tiedProcesses(snapshot, run), run);
}

export function sortTied({ tied, ...own }: TiedProcesses, run: RunMarks): RunProcesses {
  const reachable = tied.filter((process) => mayBeMember(process, run));
  const foreignSessions = Map.groupBy(
    reachable.filter((process) => !isInOwnGroup(process, own)),
    (process) => process.sid,
  );
  const isDetachedHelper = new Set<ProcessInfo>();
  for (const session of foreignSessions.values()) {
    const isPartOfRun = session.some(
      (process) => process.listensOn.length > 0 || isEstablishedMember(process, run, own),
    );
    if (!isPartOfRun) for (const process of session) isDetachedHelper.add(process);
  }
  return {
    members: reachable.filter((process) => !isDetachedHelper.has(process)),
    detachedHelpers: [...isDetachedHelper],
    outOfReach: tied.filter((process) => !mayBeMember(process, run)),
  };
}

/**
 * Services of root often switch to another user (`gosu node npm start` in a container), and root must still end them.
 */
function mayBeMember(process: ProcessInfo, run: RunMarks): boolean {
  return process.uid === run.uid || run.uid === 0;
}

/**
 * Whether the process is a member regardless of its ports: it shares the run's streams, or it was a member before. The
 * latter ensures that a stop waits for a daemon that closes its port on SIGTERM. A process that has moved to another
 * session since is evaluated again, because a browser looks like a process of the run between its fork and its setsid.
 */
export function isEstablishedMember(
  process: ProcessInfo,
  run: RunMarks,
  { terminal }: Pick<OwnGroups, 'terminal'>,
): boolean {
  return (
    sharesStreams(process, run.runDir, terminal) ||
    run.recorded.some((recorded) => isSame(recorded, process) && (recorded.sid ?? process.sid) === process.sid)
  );
}

/** Sessions, groups and a terminal that contain only processes of this run. */
export interface OwnGroups {
  /**
   * The PIDs of the shim and of the leader of the terminal's session, if their sessions and groups belong to this run: they
   * contain these processes, or one with another mark.
   */
  readonly groups: ReadonlySet<number>;
  /** The run's terminal, as in the descriptors of a process; undefined without one, or when what has started it is gone. */
  readonly terminal: string | undefined;
}

export interface TiedProcesses extends OwnGroups {
  /** All processes connected to the run, both members and detached helpers, of any user. */
  readonly tied: readonly ProcessInfo[];
  /** The processes that can be tied at all: alive, not of another run, not older than the shim. */
  readonly eligible: readonly ProcessInfo[];
}

/** Finds all processes in a snapshot that the marks of a run lead to, directly or through parents and groups. */
export function tiedProcesses(snapshot: readonly ProcessInfo[], run: RunMarks): TiedProcesses {
  const byPid = new Map(snapshot.map((process) => [process.pid, process]));
  const barred = barredProcesses(byPid, run);
  const eligible = snapshot.filter(
    (process) =>
      process.pid > 1 &&
      !process.isZombie &&
      !run.never.includes(process.pid) &&
      !readsOutput(process, run.runDir) &&
      !beganBefore(process, run.shim) &&
      !barred.has(process),
  );
  const leaders = [run.shim?.pid, run.session].filter((pid) => pid !== undefined);
  const groups = new Set<number>();
  const tied = new Map<number, ProcessInfo>();

  const isOwn = (leader: number): boolean => {
    const current = byPid.get(leader);
    if (leader === run.shim?.pid && current !== undefined) return isSame(current, run.shim);
    if (current !== undefined && !current.isZombie) return tied.has(leader);
    return (run.groupsSeen?.has(leader) ?? false) || [...tied.values()].some((process) => isInGroup(process, leader));
  };
  const spread = () => {
    for (let before = -1; before !== tied.size; ) {
      before = tied.size;
      for (const leader of leaders) if (isOwn(leader)) groups.add(leader);
      for (const process of eligible) {
        const parent = tied.get(process.ppid);
        const isChild = parent !== undefined && !beganBefore(process, parent);
        if (isChild || isInOwnGroup(process, { groups })) tied.set(process.pid, process);
      }
    }
  };

  const terminal = findTerminal(byPid, run);
  for (const process of eligible) if (isMarked(process, run, terminal)) tied.set(process.pid, process);
  spread();
  const callers = ancestorsOf(run.never, byPid);
  for (const process of eligible) {
    if (listensOnReservedPort(process, run) && !callers.has(process.pid) && isDaemon(process, byPid, tied)) {
      tied.set(process.pid, process);
    }
  }
  spread();
  return { tied: [...tied.values()], groups, terminal, eligible };
}

/** Terminals of Linux and macOS; not `/dev/tty`, which is another one for each process. */
const terminalForm = /^\/dev\/(?:pts\/|ttys)\d/;

/** The terminal of the shim or, if it was killed, of the leader of the session, which may have redirected some descriptors. */
function findTerminal(byPid: ReadonlyMap<number, ProcessInfo>, run: RunMarks): string | undefined {
  if (run.session === undefined) return undefined;
  const started = [run.shim?.pid, run.session].flatMap((pid = 0) => byPid.get(pid) ?? []);
  return started.find((process) => isMarked(process, run))?.fds.find((target) => terminalForm.test(target));
}

function isMarked(process: ProcessInfo, run: RunMarks, terminal?: string | undefined): boolean {
  return (
    isSame(process, run.shim) ||
    process.runId === run.runId ||
    sharesStreams(process, run.runDir, terminal) ||
    run.recorded.some((recorded) => isSame(recorded, process))
  );
}

/**
 * The weakest mark, for daemons that have no other: the process listens on the port that was free when the run began.
 */
function listensOnReservedPort(process: ProcessInfo, run: RunMarks): boolean {
  return (
    run.port !== undefined &&
    run.portTestedFree &&
    run.shim !== undefined &&
    process.uid === run.uid &&
    process.listensOn.includes(run.port)
  );
}

/**
 * A daemon leads its own session, or the leader of its session is gone or belongs to the run. A process in the live
 * session of a stranger (a terminal) was started by a user.
 */
function isDaemon(
  process: ProcessInfo,
  byPid: ReadonlyMap<number, ProcessInfo>,
  tied: ReadonlyMap<number, ProcessInfo>,
): boolean {
  const leader = byPid.get(process.sid);
  return leader === undefined || leader.isZombie || leader.pid === process.pid || tied.has(leader.pid);
}

/**
 * The ancestors of the given processes: for the caller, the terminal or editor in which Candle was called. The port
 * alone never makes one of these a member.
 */
export function ancestorsOf(pids: readonly number[], byPid: ReadonlyMap<number, ProcessInfo>): ReadonlySet<number> {
  const ancestors = new Set<number>();
  for (const pid of pids) {
    let parent = byPid.get(pid)?.ppid;
    while (parent !== undefined && !ancestors.has(parent)) {
      ancestors.add(parent);
      parent = byPid.get(parent)?.ppid;
    }
  }
  return ancestors;
}

/**
 * Processes of other runs: their shims, the processes in the sessions and groups of these shims, processes with the id
 * of another run, and all descendants of these. A descendant with the id of this run belongs to this run again, because
 * one service may start another (for example an editor or an agent that runs as a service).
 */
function barredProcesses(
  byPid: ReadonlyMap<number, ProcessInfo>,
  run: RunMarks,
): { has(process: ProcessInfo): boolean } {
  const otherShims = run.otherShims.filter((shim) => !isSame(shim, run.shim) && shimPidState(shim, byPid) !== 'reused');
  const isBarred = new Map<number, boolean>();

  const isOfAnotherRun = (process: ProcessInfo): boolean =>
    (process.runId !== undefined && process.runId !== run.runId) ||
    otherShims.some((shim) => isSame(process, shim) || (isInGroup(process, shim.pid) && !beganBefore(process, shim)));
  const isOwn = (process: ProcessInfo): boolean => process.runId === run.runId || isSame(process, run.shim);

  const has = (process: ProcessInfo): boolean => {
    const known = isBarred.get(process.pid);
    if (known !== undefined) return known;
    isBarred.set(process.pid, false); // ends the recursion if the parents in a snapshot form a cycle
    const parent = byPid.get(process.ppid);
    const barred = isOfAnotherRun(process) || (!isOwn(process) && parent !== undefined && has(parent));
    isBarred.set(process.pid, barred);
    return barred;
  };
  return { has };
}

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
  /** The PID of the leader of the terminal's session; undefined without a terminal. */
  readonly session?: number | undefined;
  /**
   * Groups in which the caller saw processes of this run moments ago. They then still belong to the run after their leader has
   * exited, even if the processes in them are too short-lived for a scan to read their marks.
   */
  readonly groupsSeen?: ReadonlySet<number> | undefined;
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

function beganBefore(a: ProcessIdentity, b: ProcessIdentity | undefined): boolean {
  return b !== undefined && Number(a.startToken) < Number(b.startToken);
}

/** Whether the process is in the session or the process group that the leader leads. */
function isInGroup({ sid, pgid }: ProcessInfo, leader: number): boolean {
  return sid === leader || pgid === leader;
}

/** Whether the process is in a session or a process group that belongs to the run alone. */
export function isInOwnGroup({ sid, pgid }: ProcessInfo, { groups }: Pick<OwnGroups, 'groups'>): boolean {
  return groups.has(sid) || groups.has(pgid);
}

/**
 * Whether the process writes to the run's spool or reads the run's input. Checks each descriptor separately, because a
 * user may have the files open the other way round: `less < spool`, `cat > in`. With `terminal`, also whether it uses that.
 */
export function sharesStreams(process: ProcessInfo, runDir: string, terminal?: string | undefined): boolean {
  const [stdin, ...printed] = process.fds;
  if (terminal !== undefined && process.fds.includes(terminal)) return true;
  const outputs = [`${runDir}/spool`, `${runDir}/output`];
  return isFile(stdin, `${runDir}/in`) || printed.some((target) => outputs.some((path) => isFile(target, path)));
}

/** Whether the process moves the output of a run, this or another one, from its pipe to its spool: a part of Candle. */
function readsOutput({ fds: [stdin = ''] }: ProcessInfo, runDir: string): boolean {
  return basename(stdin) === 'output' && dirname(dirname(stdin)) === dirname(runDir);
}

function isFile(target: string | undefined, path: string): boolean {
  return target === path || target === `${path} (deleted)`; // shown by Linux if the state directory was removed
}

/**
 * Which process has the pid of a shim now: the shim, none, or another process. The kernel does not reuse the pid while
 * any process is left in the shim's group.
 */
function shimPidState(shim: ProcessIdentity, byPid: ReadonlyMap<number, ProcessInfo>): 'shim' | 'unused' | 'reused' {
  const current = byPid.get(shim.pid);
  if (current === undefined) return 'unused';
  return isSame(shim, current) ? 'shim' : 'reused';
}
