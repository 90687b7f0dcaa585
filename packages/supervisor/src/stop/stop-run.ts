import { defaultStop, type StopTarget } from '@candle/core/config';
import {
  applyEvent,
  type EndCause,
  endEvent,
  isShimAlive,
  noteInRunRecord,
  type Run,
  readRecord,
  runDir,
} from '@candle/core/runs';
import type { PendingRestart } from '@candle/core/services';
import { findLaunch } from '../launch/launch.ts';
import { findSidePrograms, type SideProgram } from '../members/detached-trees.ts';
import { findMembers, takeProcessSnapshot } from '../members/find-members.ts';
import { marksOfRun, observeRun } from '../observe/observe-run.ts';
import { recordRunEnd } from '../observe/record-run.ts';
import { PortStillInUseError } from '../ports/errors.ts';
import { whoHas } from '../ports/who-has.ts';
import type { Supervision, WaitClock } from '../supervision.ts';
import type { ListeningProcess, ProcessTable } from '../system/process-table.ts';
import { sendSignal } from '../system/send-signal.ts';
import { ServiceInOtherContainerError, ServiceSurvivedError } from './errors.ts';
import { runStopCommand } from './run-stop-command.ts';
import { type OnWaiting, stopCommandRuns } from './stop-event.ts';
import { followMs, type StoppedTree, type StopTreeOptions, stopTree } from './stop-tree.ts';

/**
 * Stops a run that is active according to the database. If it has already exited by itself, records that and returns
 * undefined. The caller must hold the service lock.
 */
export async function endRun(
  supervision: Supervision,
  run: Run,
  options: StopRunOptions,
): Promise<StoppedRun | undefined> {
  const observed = await observeRun(supervision, run, { holdsServiceLock: true });
  if (observed.isAlive) return stopRun(supervision, run, options);
  await recordRunEnd(supervision, observed, 'unrequested');
  return undefined;
}

/** A shell needs a few ms from its fork until it writes its pid. */
const shimPidTimeoutMs = 2_000;
const shimPidPollMs = 5;

export interface StoppedRun
  extends Pick<StoppedTree, 'killed' | 'detachedHelpers' | 'sharedDaemons' | 'waitedForCaller'> {
  readonly run: Run;
  /** Detached programs of the run that listened on other ports, and that were stopped with it. */
  readonly sidePrograms: readonly SideProgram[];
  /** Why the stopCommand failed, as a clause. */
  readonly stopCommandProblem?: string | undefined;
}

interface StopRunOptions {
  /** `unrequested`: the main program exited, and the processes to stop are its leftovers. */
  readonly cause: EndCause;
  /** What the restart policy decided; only for a run that nobody asked to stop. */
  readonly pendingRestart?: PendingRestart | undefined;
  readonly onWaiting?: OnWaiting | undefined;
}

/**
 * Stops a run: runs its stopCommand, ends its whole process tree, and waits until its port is free, unless the run that
 * replaces it has a different port. The caller must hold the service lock.
 * @throws ServiceInOtherContainerError, ServiceSurvivedError, PortStillInUseError
 */
export async function stopRun(
  supervision: Supervision,
  run: Run,
  { cause, pendingRestart, onWaiting }: StopRunOptions,
): Promise<StoppedRun> {
  const { hasMarks, ...stopped } = await stopProcesses(supervision, run, onWaiting);
  await recordRunEnd(
    supervision,
    await observeRun(supervision, run, { holdsServiceLock: true, left: stopped.sharedDaemons }),
    cause,
    pendingRestart,
  );
  if (run.port !== null && hasMarks && (cause !== 'replaced' || (await isStillReserved(supervision, run)))) {
    await requireFreePort(supervision, run, run.port);
  }
  return { run, ...stopped };
}

/**
 * Stops one of two instances of a service; the database may not know of it (see `findOrphans`). Does not wait for its port,
 * which the other instance may use. Its end is recorded in its own record, so that a recovery does not take it for a running
 * one. The caller must hold the service lock.
 * @throws ServiceInOtherContainerError, ServiceSurvivedError
 */
export async function stopOrphan(
  supervision: Supervision,
  run: Run,
  { cause, onWaiting }: Pick<StopRunOptions, 'cause' | 'onWaiting'>,
): Promise<StoppedRun> {
  const { hasMarks: _, ...stopped } = await stopProcesses(supervision, run, onWaiting);
  const observed = await observeRun(supervision, run, { holdsServiceLock: true, left: stopped.sharedDaemons });
  const { hasBegun, exitCode, exitSignal, endedAtMs } = observed;
  const remains = { hasBegun, exitCode, exitSignal, endedAtMs: endedAtMs ?? supervision.clock.nowMs() };
  await noteInRunRecord(runDir(supervision.stateDir, run.id), applyEvent(run, endEvent(run.status, remains, cause)));
  // A recovery may have found the run meanwhile.
  await recordRunEnd(supervision, observed, cause);
  return { run, ...stopped };
}

/** Runs the stopCommand of a run and ends its whole process tree. `hasMarks`: its processes can be identified. */
async function stopProcesses(
  supervision: Supervision,
  run: Run,
  onWaiting: OnWaiting | undefined,
): Promise<Omit<StoppedRun, 'run'> & { readonly hasMarks: boolean }> {
  if (run.shim === null) await awaitShimPid(supervision, run);
  const marks = await marksOfRun(supervision, run);
  if (!marks && isShimAlive(runDir(supervision.stateDir, run.id))) throw new ServiceInOtherContainerError(run);
  let stopped: StoppedTree = {
    outcome: 'gone',
    killed: false,
    waitedForCaller: [],
    detachedHelpers: [],
    sharedDaemons: [],
    survivors: [],
  };
  let stopCommandProblem: string | undefined;
  let sidePrograms: readonly SideProgram[] = [];
  if (marks) {
    await supervision.store.runs.apply(run.id, { kind: 'stopAsked' });
    const command = await tryStopCommand(supervision, run, onWaiting);
    stopCommandProblem = command?.problem;
    stopped = await stopTree(marks, {
      ...stopSettings(supervision, run),
      ...(command && command.problem === undefined ? { graceMs: followMs } : {}),
      onTree: (tree) => {
        sidePrograms = findSidePrograms(tree.detachedTrees, tree, marks);
        // Users may not know that the run has these programs.
        for (const program of sidePrograms) onWaiting?.(run, { kind: 'stopsSideProgram', ...program });
        if (tree.sharedDaemons.length > 0) onWaiting?.(run, { kind: 'leavesShared', processes: tree.sharedDaemons });
      },
      onWaiting: onWaiting && ((processes) => onWaiting(run, { kind: 'waiting', processes })),
      processTable: supervision.processes,
      sendSignal,
      clock: supervision.waiting,
    });
    if (stopped.outcome === 'survived') throw new ServiceSurvivedError(run, stopped.survivors);
  }
  const { killed, detachedHelpers, sharedDaemons, waitedForCaller } = stopped;
  return {
    ...{ killed, detachedHelpers, sharedDaemons, waitedForCaller, sidePrograms, stopCommandProblem },
    hasMarks: marks !== undefined,
  };
}

/** A service that was moved restarts on another port, so it does not matter which process uses the old one. */
async function isStillReserved({ store }: Supervision, { projectDir, serviceName, port }: Run): Promise<boolean> {
  return (await store.reservations.find(projectDir, serviceName))?.port === port;
}

async function requireFreePort(supervision: Supervision, run: Run, port: number): Promise<void> {
  const { processes, waiting } = supervision;
  if ((await awaitPortFree(port, { processTable: processes, clock: waiting })).length === 0) return;
  const report = await whoHas(supervision, { port, projectDir: run.projectDir });
  if (report.owners.length > 0) throw new PortStillInUseError(run, report);
}

/** The start was interrupted around the spawn: a shim that was just forked can only be recognised by its exit pipe. */
async function awaitShimPid({ stateDir, waiting }: Supervision, run: Run): Promise<void> {
  const dir = runDir(stateDir, run.id);
  const deadlineMs = waiting.nowMs() + shimPidTimeoutMs;
  while (waiting.nowMs() < deadlineMs && isShimAlive(dir) && readRecord(dir.pid) === undefined) {
    await waiting.sleep(shimPidPollMs);
  }
}

/** Undefined if the run was started without a stopCommand. */
async function tryStopCommand(
  supervision: Supervision,
  run: Run,
  onWaiting: OnWaiting | undefined,
): Promise<{ readonly problem: string | undefined } | undefined> {
  const dir = runDir(supervision.stateDir, run.id);
  const launch = findLaunch(dir);
  if (launch?.stopCommand === undefined) return undefined;
  const problem = await runStopCommand(supervision, {
    ...launch,
    shell: launch.stopCommand,
    timeoutMs: launch.stopTimeoutMs,
    dir,
    onWaiting: onWaiting && ((pid) => onWaiting(run, stopCommandRuns(pid))),
  });
  if (problem !== undefined) onWaiting?.(run, { kind: 'stopCommandFailed', problem });
  return { problem };
}

/** The settings that the run was started with, because the configuration may have changed or been deleted since. */
function stopSettings({ stateDir }: Supervision, run: Run): Pick<StopTreeOptions, 'signal' | 'timeoutMs' | 'target'> {
  const { stopSignal, stopTimeoutMs, stopTarget } = findLaunch(runDir(stateDir, run.id)) ?? defaultStop;
  return { signal: stopSignal, timeoutMs: stopTimeoutMs, target: stopTarget };
}

/** What a stop signals first: `tree` also if `main` is configured and the run has no single main process. */
export async function stopTargetOf(supervision: Supervision, run: Run): Promise<StopTarget> {
  const { processes } = supervision;
  if (stopSettings(supervision, run).target !== 'main') return 'tree';
  const marks = await marksOfRun(supervision, run);
  if (!marks) return 'main';
  const { findMainProcess } = await import('../members/main-process.ts');
  const { members } = findMembers(takeProcessSnapshot(processes, marks.shim?.startToken), marks, 'skip');
  return findMainProcess(members, marks.shim, processes).kind === 'several' ? 'tree' : 'main';
}

/** A listener is closed with its process. This only waits for the cleanup in the kernel, which takes a few ms. */
export const portFreeTimeoutMs = 2_000;
const firstPollMs = 10;
/** Each check costs a few ms of CPU. */
const maxPollMs = 100;

export interface PortFreeEffects {
  readonly processTable: ProcessTable;
  readonly clock: WaitClock;
  readonly timeoutMs?: number;
}

/**
 * Waits until no process listens on the port. Returns the processes that still do; empty if the port is free. Never
 * binds the port, because that could take it from a service that is just starting.
 */
export async function awaitPortFree(
  port: number,
  { processTable, clock, timeoutMs = portFreeTimeoutMs }: PortFreeEffects,
): Promise<readonly ListeningProcess[]> {
  const deadlineMs = clock.nowMs() + timeoutMs;
  for (
    let pollMs = firstPollMs;
    processTable.listening().on(port).length > 0;
    pollMs = Math.min(pollMs * 2, maxPollMs)
  ) {
    if (clock.nowMs() >= deadlineMs) return processTable.listenersOn(port);
    await clock.sleep(pollMs);
  }
  return [];
}
