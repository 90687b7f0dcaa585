import { serviceStarted } from '@candle/core/events';
import { isShimAlive, type Run, readRecord, runDir } from '@candle/core/runs';
import {
  fingerprint,
  hasSameSettings,
  type KnownServices,
  type ServiceDefinition,
  type ServiceKey,
} from '@candle/core/services';
import { ensureSupervisor } from '../client/ensure-supervisor.ts';
import { recordRunExit } from '../daemon/record-exit.ts';
import { refuseOwnRun } from '../launch/caller.ts';
import type { ResolvedService } from '../launch/launch-run.ts';
import { type Launched, launchUnlessKept } from '../launch/start-service.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import type { Supervision } from '../supervision.ts';
import { isOfThisBoot } from '../system/process-table.ts';
import { withInputs } from './job-inputs.ts';

const pollMs = 50;

export interface JobOptions {
  readonly config: KnownServices['config'];
  /** Whether it counts as done. */
  readonly isDone: () => Promise<boolean>;
  /** Runs it even if it counts as done. */
  readonly isForced: boolean;
  readonly resolved?: ResolvedService | undefined;
  readonly onWaiting?: OnWaiting | undefined;
}

/**
 * Runs a command that counts as done once it has succeeded: a job, or the setup of a project. Of many callers at once, one
 * runs it and the others find its run. A run in progress is never replaced, because half of the work may be done. Returns
 * undefined if it is done and not running.
 * @throws the errors of launchRun
 */
export async function launchJob(
  supervision: Supervision,
  definition: ServiceDefinition,
  { config, isDone, isForced, resolved, onWaiting }: JobOptions,
): Promise<Launched | undefined> {
  // Most starts find it done, and need no lock.
  if (!isForced && (await isDone()) && !(await findUnfinished(supervision, definition))) return undefined;
  const launched = await launchUnlessKept(supervision, definition, {
    config,
    resolved,
    keep: (run) => !hasExited(supervision, run),
    isNeeded: async () => isForced || !(await isDone()),
    onWaiting,
  });
  if (launched?.isKept) await refuseOwnRun(supervision, launched.run, async () => false);
  else if (launched) await confirm(supervision, launched.run);
  return launched;
}

/** From now on, the supervisor records its end, even if this process is killed. */
async function confirm(supervision: Supervision, run: Run): Promise<void> {
  const nowMs = supervision.clock.nowMs();
  if (await supervision.store.runs.confirm(run.id, nowMs)) supervision.announce(serviceStarted(run, nowMs));
}

async function findUnfinished(supervision: Supervision, { projectDir, name }: ServiceKey): Promise<Run | undefined> {
  const active = await supervision.store.runs.findActive(projectDir, name);
  return active && !hasExited(supervision, active) ? active : undefined;
}

/** Processes that it has left behind may still be running. */
function hasExited({ stateDir }: Supervision, run: Run): boolean {
  return readRecord(runDir(stateDir, run.id).exit) !== undefined;
}

interface EndOptions {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called again and again during the wait. */
  readonly onPoll?: (() => void) | undefined;
}

/**
 * Waits until a run is over and returns it as it ended; undefined after the timeout. An aborted signal ends the wait at once.
 * Meanwhile starts a supervisor if none runs, which records the end if this process is killed.
 */
export async function awaitEnd(supervision: Supervision, run: Run, options: EndOptions): Promise<Run | undefined> {
  const supervised = ensureSupervisor(supervision);
  const ended = await pollEnd(supervision, run, options);
  const trouble = await supervised;
  if (trouble) supervision.onSupervisorTrouble?.(trouble);
  return ended;
}

async function pollEnd(
  supervision: Supervision,
  run: Run,
  { timeoutMs = Infinity, signal, onPoll }: EndOptions,
): Promise<Run | undefined> {
  const { store, waiting } = supervision;
  const deadlineMs = waiting.nowMs() + timeoutMs;
  while (!(await isOver(supervision, run))) {
    signal?.throwIfAborted();
    const leftMs = deadlineMs - waiting.nowMs();
    if (leftMs <= 0) return undefined;
    onPoll?.();
    await waiting.sleep(Math.min(pollMs, leftMs));
  }
  return (await store.runs.find(run.id)) ?? run;
}

/** Records the end of the run if it is over. If only its shim was killed, its command may still be running. */
async function isOver(supervision: Supervision, run: Run): Promise<boolean> {
  if (isShimAlive(runDir(supervision.stateDir, run.id))) return false;
  const fate = await recordRunExit(supervision, run.id);
  return fate === 'over' || (fate === 'members-alive' && hasExited(supervision, run));
}

/** Whether the command exited with code 0 by itself. One that was asked to stop may exit with code 0 too. */
export function hasSucceeded({ stateDir }: Supervision, { id, status, endReason }: Run): boolean {
  const wasStopped = status === 'stopping' || (endReason !== null && endReason !== 'exited');
  return !wasStopped && readRecord(runDir(stateDir, id).exit) === 0;
}

/** Why a job that was stopped after its success is not done any more. */
export const stoppedReason = 'it was stopped';

export interface JobState {
  /** The run with which the job counts as done. */
  readonly done?: Run;
  /** Why it is not done any more, as a clause; undefined if it is done, or if its last run did not succeed. */
  readonly undoneReason?: string;
}

/**
 * Whether a job counts as done: its last run has succeeded with this definition and these inputs since the machine started, and
 * nobody has stopped the job since then.
 * @throws the errors of withInputs
 */
export async function inspectJob(supervision: Supervision, definition: ServiceDefinition): Promise<JobState> {
  const { store, processes } = supervision;
  const { projectDir, name, inputs, envFiles } = definition;
  const last = (await store.runs.listOfService(projectDir, name)).at(-1);
  if (!last || !hasSucceeded(supervision, last)) return {};
  if ((await store.services.find(definition))?.request.verb === 'kill') return { undoneReason: stoppedReason };
  if (!isOfThisBoot(processes, last.bootId)) return { undoneReason: 'the machine has restarted' };
  // The inputs are read last, because they may be large.
  if (!hasSameSettings(last.fingerprint, fingerprint(definition)))
    return { undoneReason: 'its definition has changed' };
  if (last.fingerprint === fingerprint(await withInputs(definition))) return { done: last };
  const changed = [
    ...(inputs.length > 0 ? ['an input'] : []),
    ...(envFiles.length > 0 ? ['a file of its envFile'] : []),
  ];
  return { undoneReason: `${changed.join(' or ')} has changed` };
}

/** @throws the errors of withInputs */
export async function findDone(supervision: Supervision, definition: ServiceDefinition): Promise<Run | undefined> {
  return (await inspectJob(supervision, definition)).done;
}
