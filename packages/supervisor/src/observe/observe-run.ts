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

/** The current state of a run, regardless of what the database says. */
export interface ObservedRun {
  readonly run: Run;
  readonly status: RunStatus;
  /** False once the main program and all members are gone. */
  readonly isAlive: boolean;
  /** The process that represents the run: its shim, or its oldest member if the shim has exited. */
  readonly pid: number | null;
  readonly exitCode: number | null;
  readonly exitSignal: string | null;
  readonly endedAtMs: number | null;
}

export interface ObserveOptions {
  /** The caller holds the service lock, so no other process can be about to spawn the shim. */
  readonly holdsServiceLock?: boolean;
  /** A process snapshot to share between several runs. If omitted, a new one is taken. */
  readonly processSnapshot?: (() => ProcessSnapshot) | undefined;
}

/** Determines the state from the processes and the files of the run. Writes nothing. */
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
  // If the start was interrupted between the spawn and its commit, the row still says `starting`.
  if (isShimAlive(dir)) {
    const shimPid = run.shim?.pid ?? readRecord(dir.pid);
    return living(shimPid, hasBegun && run.status === 'starting' ? 'spawned' : undefined);
  }
  // The process that holds the service lock is alive and has not spawned the shim yet.
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
    // The record file is created with the run, so its time says nothing if no exit was recorded.
    endedAtMs: exitCode === null ? null : (exitRecordedAtMs(dir) ?? null),
  };
}

/** Whether a live process holds the lock of the run's service. */
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
  const current = processSnapshot?.() ?? takeProcessSnapshot(supervision.processes, marks.shim?.startToken);
  const { members } = findMembers(current, marks);
  return members.toSorted((a, b) => Number(a.startToken) - Number(b.startToken) || a.pid - b.pid).at(0);
}
