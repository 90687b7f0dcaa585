import { readFileSync } from 'node:fs';
import {
  endKind,
  exitRecordedAtMs,
  isShimAlive,
  liveStatus,
  nextStatus,
  type Run,
  type RunFiles,
  type RunStatus,
  readRecord,
  runDir,
  signalOfExitCode,
} from '@candle/core/runs';
import { throwIfOutOfFiles } from '@candle/core/system';
import { findSupervisor } from '../client/protocol.ts';
import { findLaunch, readContext } from '../launch/launch.ts';
import { findMembers, type ProcessSnapshot, takeProcessSnapshot } from '../members/find-members.ts';
import { findMainPid } from '../members/main-process.ts';
import { isSame, type RecordedMember, type RunMarks } from '../members/members-of.ts';
import type { Supervision } from '../supervision.ts';
import type { ProcessIdentity, ProcessInfo, ProcessTable } from '../system/process-table.ts';
import { isOfThisBoot } from '../system/process-table.ts';

/** The current state of a run, regardless of what the database says. */
export interface ObservedRun extends RunFiles {
  readonly run: Run;
  readonly status: RunStatus;
  /** False once the main program and all members are gone. */
  readonly isAlive: boolean;
  /** Its shim, or its oldest member if the shim has exited. Users see `findPid`. */
  readonly pid: number | null;
  readonly exitSignal: string | null;
  /** Null if it is alive, or if the time of its end is not recorded. */
  readonly endedAtMs: number | null;
}

export interface ObserveOptions {
  /** The caller holds the service lock, so no other process can be about to spawn the shim. */
  readonly holdsServiceLock?: boolean;
  /** Members that a stop has left running, and that do not keep the run alive. */
  readonly left?: readonly ProcessIdentity[];
  /** A process snapshot to share between several runs. If omitted, a new one is taken. */
  readonly processSnapshot?: (() => ProcessSnapshot) | undefined;
}

/** Determines the state from the processes and the files of the run. Writes nothing. */
export async function observeRun(
  supervision: Supervision,
  run: Run,
  { holdsServiceLock = false, left = [], processSnapshot }: ObserveOptions = {},
): Promise<ObservedRun> {
  if (run.endedAtMs !== null) {
    const { status, exitCode, exitSignal, endedAtMs } = run;
    return { run, status, isAlive: false, pid: null, exitCode, exitSignal, endedAtMs, hasBegun: true };
  }
  const dir = runDir(supervision.stateDir, run.id);
  const hasBegun = readRecord(dir.pid) !== undefined;
  const living = async (pid: number | undefined, signs: { isShimAlive: boolean; exitCode: number | null }) => {
    const isLocked = run.status !== 'stopping' || (await isWorkedOn(supervision, run));
    const status = liveStatus(run.status, { hasBegun, isLocked, ...signs });
    return { run, status, isAlive: true, pid: pid ?? null, hasBegun, ...noExit };
  };
  if (isShimAlive(dir)) return living(run.shim?.pid ?? readRecord(dir.pid), { isShimAlive: true, exitCode: null });
  // The process that holds the service lock is alive and has not spawned the shim yet.
  const isBeingStarted =
    !hasBegun && !holdsServiceLock && run.status === 'starting' && (await isWorkedOn(supervision, run));
  if (isBeingStarted) return living(undefined, { isShimAlive: false, exitCode: null });

  // Read only now, because the shim writes it just before it exits.
  const exitCode = readRecord(dir.exit) ?? null;
  const member = await findOldestMember(supervision, run, { left, processSnapshot });
  if (member) return living(member.pid, { isShimAlive: false, exitCode });
  const status = nextStatus(run.status, endKind(run.status, { hasBegun, exitCode }));
  const ended = { run, status, isAlive: false, pid: null, hasBegun };
  // The record file is created with the run, so its time says nothing if no exit was recorded.
  if (exitCode === null) return { ...ended, ...noExit };
  return { ...ended, exitCode, exitSignal: signalOfExitCode(exitCode), endedAtMs: exitRecordedAtMs(dir) ?? null };
}

/**
 * The PID that users see of a live run: that of its main process if there is one, and otherwise that of its shim, or of its oldest
 * member if the shim has exited.
 */
export async function findPid(supervision: Supervision, run: Run, observed?: ObservedRun): Promise<number | null> {
  const isAlive = isShimAlive(runDir(supervision.stateDir, run.id));
  const pid = (isAlive && run.shim?.pid) || (observed ?? (await observeRun(supervision, run))).pid;
  return pid === null ? null : findMainPid(pid, supervision.processes);
}

const noExit = { exitCode: null, exitSignal: null, endedAtMs: null };

/** Whether a live process holds the lock of the run's service. */
async function isWorkedOn({ store, processes }: Supervision, run: Run): Promise<boolean> {
  const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
  return service?.lock != null && processes.isAlive(service.lock.owner);
}

async function findOldestMember(
  supervision: Supervision,
  run: Run,
  { left, processSnapshot }: Required<Pick<ObserveOptions, 'left' | 'processSnapshot'>>,
): Promise<ProcessInfo | undefined> {
  const marks = await marksOfRun(supervision, run);
  if (!marks) return undefined;
  const current = processSnapshot?.() ?? takeProcessSnapshot(supervision.processes, marks.shim?.startToken);
  const { members } = findMembers(current, marks);
  const living = members.filter((member) => !left.some((one) => isSame(one, member)));
  return living.toSorted((a, b) => Number(a.startToken) - Number(b.startToken) || a.pid - b.pid).at(0);
}

/**
 * The marks that identify the processes of a run; undefined if the run is from another boot, whose pids are
 * no longer meaningful. `active`: all active runs, to avoid reading them again for each of many runs.
 */
export async function marksOfRun(
  supervision: Supervision,
  run: Run,
  active?: readonly Run[] | undefined,
): Promise<RunMarks | undefined> {
  const { stateDir, store, processes, self } = supervision;
  if (!isOfThisBoot(processes, run.bootId)) return undefined;
  const dir = runDir(stateDir, run.id);
  const others = (active ?? (await store.runs.listActive())).filter(
    ({ id, bootId }) => id !== run.id && isOfThisBoot(processes, bootId),
  );
  return {
    runId: run.id,
    runDir: dir.path,
    uid: process.geteuid?.() ?? 0,
    shim: run.shim ?? identifyShim(supervision, readRecord(dir.pid), run),
    session: readRecord(dir.session),
    port: run.port ?? undefined,
    // A service is not started while another process listens on the reserved port.
    portTestedFree: true,
    recorded: readRecordedMembers(dir.members),
    otherShims: others.flatMap(({ shim }) => shim ?? []),
    never: [self.pid, ...supervisorPids(stateDir, processes)],
  };
}

/** Excluded from the members, because the supervisor may have been started from inside a service. */
function supervisorPids(stateDir: string, processes: ProcessTable): readonly number[] {
  const supervisor = findSupervisor(stateDir, processes);
  return supervisor ? [supervisor.pid, ...(supervisor.watchdog ? [supervisor.watchdog.pid] : [])] : [];
}

/** For a start that was interrupted between the spawn and its commit: the shim itself has written its pid. */
function identifyShim({ processes }: Supervision, pid: number | undefined, run: Run) {
  if (pid === undefined) return undefined;
  const process = processes.snapshot().find((candidate) => candidate.pid === pid);
  return process?.runId === run.id ? { pid, startToken: process.startToken } : undefined;
}

/** The members recorded earlier: `members.json` in the directory of the run. */
export function readRecordedMembers(path: string): readonly RecordedMember[] {
  try {
    const members: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(members) ? members.filter(isRecordedMember) : [];
  } catch (error) {
    throwIfOutOfFiles(error);
    return [];
  }
}

function isRecordedMember(value: unknown): value is RecordedMember {
  return typeof value === 'object' && value !== null && 'pid' in value && 'startToken' in value;
}

/** How long ago a run of this boot was started. A jump of the wall clock changes it only for a run of an earlier Candle. */
export function ageOf(
  { clock, processes }: Pick<Supervision, 'clock' | 'processes'>,
  { startedMonotonicMs, startedAtMs, bootId }: Run,
): number {
  const isMeasured = startedMonotonicMs !== null && isOfThisBoot(processes, bootId);
  return isMeasured ? clock.monotonicMs() - startedMonotonicMs : clock.nowMs() - startedAtMs;
}

/** Whether a run is tied to a process that no longer exists, so that it must be stopped. */
export function isAbandoned(
  { processes, stateDir }: Pick<Supervision, 'processes' | 'stateDir'>,
  { id, owner, bootId }: Run,
): boolean {
  if (owner === null || !isOfThisBoot(processes, bootId) || processes.isAlive(owner)) return false;
  // The PID of another container means nothing here.
  const pids = findLaunch(runDir(stateDir, id))?.context?.namespaces.pid;
  return pids === undefined || pids === readContext().namespaces.pid;
}
