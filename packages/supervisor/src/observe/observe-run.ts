import {
  exitRecordedAtMs,
  isShimAlive,
  nextStatus,
  type Run,
  type RunEvent,
  type RunStatus,
  readRecord,
  runDir,
  signalOfExitCode,
} from '@candle/core';
import { findMembers, type ProcessSnapshot, takeProcessSnapshot } from '../members/find-members.ts';
import type { Supervision } from '../supervision.ts';
import type { ProcessInfo } from '../system/process-table.ts';
import { marksOfRun } from './marks-of-run.ts';

/** What is true of a run now, whatever the ledger last heard. */
export interface ObservedRun {
  readonly run: Run;
  readonly status: RunStatus;
  /** False once its main program and all its members are gone. */
  readonly isAlive: boolean;
  /** The process that stands for it: its guard, or, when that has ended, the oldest of its members. */
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly endedAtMs: number | null;
}

export interface ObserveOptions {
  /** The caller has the service's turn, so nobody else can be about to spawn the guard. */
  readonly holdsServiceLock?: boolean;
  /** One look at the machine for several runs; left out, one of its own. */
  readonly processSnapshot?: (() => ProcessSnapshot) | undefined;
}

/** Asks the kernel and the run's files; writes nothing. */
export async function observeRun(
  supervision: Supervision,
  run: Run,
  { holdsServiceLock = false, processSnapshot }: ObserveOptions = {},
): Promise<ObservedRun> {
  if (run.endedAtMs !== null) {
    const { status, exitCode, exitSignal, endedAtMs } = run;
    return { run, status, isAlive: false, pid: null, exitCode, exitSignal, endedAtMs };
  }
  const dir = runDir(supervision.stateDir, run.id);
  const hasBegun = readRecord(dir.pid) !== undefined;
  const living = async (pid: number | undefined, event?: RunEvent): Promise<ObservedRun> => {
    const isLeftAlone = run.status === 'stopping' && !(await isWorkedOn(supervision, run));
    const before = isLeftAlone ? nextStatus(run.status, 'leftAlone') : run.status;
    const status = event ? nextStatus(before, event) : before;
    return { run, status, isAlive: true, pid: pid ?? null, exitCode: null, exitSignal: null, endedAtMs: null };
  };
  // The row says `starting` for good when the start was cut off between the spawn and its commit.
  if (isShimAlive(dir)) {
    const shimPid = run.shim?.pid ?? readRecord(dir.pid);
    return living(shimPid, hasBegun && run.status === 'starting' ? 'spawned' : undefined);
  }
  // Whoever has the service's turn lives, and has not spawned the guard yet.
  const isBeingStarted =
    !hasBegun && !holdsServiceLock && run.status === 'starting' && (await isWorkedOn(supervision, run));
  if (isBeingStarted) return living(undefined);

  const exitCode = readRecord(dir.exit) ?? null;
  const member = await findOldestMember(supervision, run, processSnapshot);
  if (member) return living(member.pid, exitCode === 0 ? 'left' : undefined);
  const event = exitCode !== null ? 'ended' : hasBegun ? 'vanished' : 'startFailed';
  return {
    run,
    status: nextStatus(run.status, event),
    isAlive: false,
    pid: null,
    exitCode,
    exitSignal: exitCode === null ? null : signalOfExitCode(exitCode),
    // The record was made with the run, so that of one without an exit nobody knows when it ended.
    endedAtMs: exitCode === null ? null : (exitRecordedAtMs(dir) ?? null),
  };
}

/** Has a living process the turn of the run's service? */
async function isWorkedOn({ store, processes }: Supervision, run: Run): Promise<boolean> {
  const service = await store.services.find({ projectDir: run.projectDir, name: run.serviceName });
  return service?.lock != null && processes.isAlive(service.lock.owner);
}

async function findOldestMember(
  supervision: Supervision,
  run: Run,
  processSnapshot: ObserveOptions['processSnapshot'],
): Promise<ProcessInfo | undefined> {
  const marks = await marksOfRun(supervision, run);
  if (!marks) return undefined;
  const seen = processSnapshot?.() ?? takeProcessSnapshot(supervision.processes, marks.shim?.startToken);
  const { members } = findMembers(seen, marks);
  return members.toSorted((a, b) => Number(a.startToken) - Number(b.startToken) || a.pid - b.pid).at(0);
}
