import type { StopTarget } from '@candle/core/config';
import type { Hint } from '@candle/core/errors';
import { serviceStarted } from '@candle/core/events';
import { isPipedInstead, type LogPosition, logBeginning, RunLog } from '@candle/core/logs';
import { isShimAlive, type Run, type RunEvent, readRecord, runDir } from '@candle/core/runs';
import type { ServiceDefinition } from '@candle/core/services';
import { takeMachineSnapshot } from '../members/find-members.ts';
import { ageOf, findPid, observeRun } from '../observe/observe-run.ts';
import { noteInStore, recordMembers, recordRunEnd } from '../observe/record-run.ts';
import { pendingRestartOf } from '../policy/next-restart.ts';
import { type CheckedPort, checkPort, findRunUrl } from '../port-check/check-port.ts';
import { portAccepts } from '../port-check/inspect-port.ts';
import { servesPort } from '../port-check/port-check.ts';
import { PortInUseError } from '../ports/errors.ts';
import { whoHas } from '../ports/who-has.ts';
import { type AwaitReadyOptions, checkReadyNow, openReadyWatch, type ReadyWatch } from '../readiness/await-ready.ts';
import { confirmTimeoutOf, readyTargetOf, startGraceMs } from '../readiness/open-ready-probe.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import { stopRun, stopTargetOf } from '../stop/stop-run.ts';
import type { Supervision } from '../supervision.ts';
import { ServiceStartFailedError } from './errors.ts';
import { findLaunch, readinessOf } from './launch.ts';

/** How long a daemon may take to accept connections on its port after its parent has exited. */
const daemonTimeoutMs = 1_000;
const pollMs = 20;

type Confirmation =
  /**
   * It runs. `awaited`: what its readiness check is still waiting for, as part of a sentence. `isFinal`: it is waiting in
   * vain, because the run listens on the wrong port.
   */
  | { readonly kind: 'running'; readonly awaited?: string; readonly isFinal?: boolean }
  /** It did its work and exited with code 0. */
  | { readonly kind: 'finished' }
  /** A newer request ended this run. */
  | { readonly kind: 'overtaken' };

/** Whether a live run started so long ago that there is nothing left to wait for. */
export function isCertain(supervision: Supervision, run: Run): boolean {
  if (run.confirmedAtMs !== null || run.status === 'ready' || run.status === 'detached') return true;
  const target = readyTargetOf(run, readinessOf(supervision, run));
  return ageOf(supervision, run) >= confirmTimeoutOf(target);
}

interface ConfirmOptions {
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: AwaitReadyOptions['report'];
}

/**
 * Waits until the start of a run is confirmed. With a reserved port, that is when a process of the run listens on it, or after
 * five seconds; without one, when a process of the run listens on any port, or after three seconds. A service with another
 * check has to be ready or five seconds old, and one without a check has to be alive after half a second. `timeoutMs`, the
 * timeout of the check, and an aborted `signal` shorten the wait, but not to less than half a second.
 * @throws ServiceStartFailedError if it exited with a code other than 0
 */
export async function confirmRun(
  supervision: Supervision,
  run: Run,
  { timeoutMs = Infinity, signal, report }: ConfirmOptions = {},
): Promise<Confirmation> {
  const launch = readinessOf(supervision, run);
  const target = readyTargetOf(run, launch);
  if (target.kind === 'none') return awaitCertainty(supervision, run, { minMs: startGraceMs, maxMs: () => 0 });
  const watch = openReadyWatch(supervision, run, launch);
  // Other checks can succeed before the program fails, such as an `exec` that tests something else.
  const minMs = target.kind === 'reserved-port' || target.kind === 'any-port' ? 0 : startGraceMs;
  const maxMs = Math.min(timeoutMs, confirmTimeoutOf(target), launch.ready.timeoutMs);
  try {
    const needsReady = target.kind !== 'any-port';
    return await awaitCertainty(supervision, run, {
      ...{ watch, minMs, needsReady },
      // Without a check, the wait is over a second later, and its result says the same.
      report: needsReady ? report : undefined,
      maxMs: () => (signal?.aborted ? 0 : maxMs),
    });
  } finally {
    watch.close();
  }
}

interface Certainty {
  /** Undefined if the run only has to stay alive. */
  readonly watch?: ReadyWatch;
  /** A run that is ready earlier than this can still fail. */
  readonly minMs: number;
  readonly maxMs: () => number;
  /** Whether a run that the watch has not found ready is unready after `maxMs`. */
  readonly needsReady?: boolean;
  readonly report?: AwaitReadyOptions['report'];
}

async function awaitCertainty(
  supervision: Supervision,
  run: Run,
  { watch, minMs, maxMs, needsReady = false, report }: Certainty,
): Promise<Confirmation> {
  const { waiting } = supervision;
  const dir = runDir(supervision.stateDir, run.id);
  const beganMs = waiting.nowMs();
  for (let isDetached = false; ; ) {
    if (!isDetached && !isShimAlive(dir)) {
      await awaitDaemon(supervision, run);
      const end = await recordEarlyExit(supervision, run);
      if (end !== 'detached') return end;
      isDetached = true;
    }
    const isReady = watch?.check() ?? true;
    const elapsedMs = waiting.nowMs() - beganMs;
    const isFinal = watch?.isFinal ?? false;
    if ((isReady && elapsedMs >= minMs) || isFinal || elapsedMs >= Math.max(startGraceMs, maxMs())) {
      await markConfirmed(supervision, run, { isDetached, hasServed: needsReady && isReady });
      return isReady || !needsReady ? { kind: 'running' } : { kind: 'running', awaited: watch?.awaited ?? '', isFinal };
    }
    if (watch) report?.update(watch);
    await waiting.sleep(pollMs);
  }
}

/**
 * A program that exits with code 0 may have started a daemon that detached completely. Only its port identifies such a
 * daemon, so it gets some time to start listening.
 */
async function awaitDaemon({ waiting, stateDir }: Supervision, run: Run): Promise<void> {
  if (run.port === null || readRecord(runDir(stateDir, run.id).exit) !== 0) return;
  const deadlineMs = waiting.nowMs() + daemonTimeoutMs;
  while (waiting.nowMs() < deadlineMs && !(await portAccepts(run.port))) await waiting.sleep(pollMs);
}

async function markConfirmed(
  supervision: Supervision,
  run: Run,
  { isDetached, hasServed }: { isDetached: boolean; hasServed: boolean },
): Promise<void> {
  const event: RunEvent | undefined = isDetached ? { kind: 'left' } : hasServed ? { kind: 'served' } : undefined;
  const nowMs = supervision.clock.nowMs();
  const isFirst = await noteInStore(supervision.store.runs.confirm(run.id, nowMs, event));
  if (isFirst) supervision.announce(serviceStarted(run, nowMs));
  await recordMembers(supervision, run);
}

/**
 * Records that the main program exited before the start was confirmed. Returns `detached` if it left processes that
 * serve.
 */
async function recordEarlyExit(supervision: Supervision, run: Run): Promise<Confirmation | 'detached'> {
  const key = { projectDir: run.projectDir, name: run.serviceName };
  const isOvertaken = (service: { request: { generation: number } }) => service.request.generation > run.generation;
  const end = await withServiceLock(supervision, key, isOvertaken, async (): Promise<Confirmation | 'detached'> => {
    // Another up stops what it restarts before it requests anything.
    if ((await supervision.store.runs.find(run.id))?.endReason === 'replaced') return { kind: 'overtaken' };
    const observed = await observeRun(supervision, run);
    if (observed.isAlive && observed.status === 'detached') return 'detached';
    // Recording the end removes the file.
    const launch = findLaunch(runDir(supervision.stateDir, run.id));
    // Leftovers of a failed start would occupy the port of the next one.
    if (observed.isAlive) await stopRun(supervision, run, { cause: 'startFailed' });
    else if (observed.exitCode === 0) {
      await recordRunEnd(supervision, observed, 'unrequested', await pendingRestartOf(supervision, run, observed));
      return { kind: 'finished' };
    } else await recordRunEnd(supervision, observed, 'startFailed');
    const { exitCode, exitSignal } = observed.isAlive ? await observeRun(supervision, run) : observed;
    // Loaded on demand, because few starts fail.
    const { reportEnd } = await import('./explain-end.ts');
    const { findPortConflict } = await import('../port-check/fixes/find-fix.ts');
    const report = await reportEnd(supervision, run, { exitCode, exitSignal });
    const conflict = await findPortConflict(supervision, run, { lastLines: report.lastLines, env: launch?.env });
    const hasPolicy = launch !== undefined && launch.restart.policy !== 'never';
    throw new ServiceStartFailedError({ ...run }, { exitCode, exitSignal }, { report, conflict, hasPolicy });
  });
  return end ?? { kind: 'overtaken' };
}

export interface StartedService {
  readonly definition: ServiceDefinition;
  readonly run: Run;
  /** `kept`: it was already running and was left as it is. */
  readonly outcome: 'running' | 'finished' | 'kept';
  /** Null if it has finished. */
  readonly pid: number | null;
  /** Null if it has finished. */
  readonly isReady: boolean | null;
  /** What it still needs to become ready, as part of a sentence. */
  readonly awaited?: string | undefined;
  /** It needs its reserved port to become ready, but listens on the wrong port and is going to stay that way. */
  readonly isMisplaced: boolean;
  /** Null without a reservation, or if this start did not wait for the service. */
  readonly portAccepts: boolean | null;
  /** Null if it neither has a reserved port nor listens, or if it has finished. */
  readonly portCheck: CheckedPort | null;
  /** Where it is reached; undefined if it has no URL, or has finished. */
  readonly url: string | undefined;
  /** This start has waited until the service listens on a port, and it does not. */
  readonly isSilent: boolean;
  /** How to answer the question that it seems to ask instead of becoming ready. */
  readonly question?: Hint | undefined;
  /** What a stop signals first; null if it has finished. */
  readonly stopTarget: StopTarget | null;
  /** It prints to a pipe, because an earlier run of the service truncated its output. */
  readonly isPipedInstead: boolean;
  /** Where the output begins that the caller cannot have read yet. */
  readonly logPosition: LogPosition;
}

/** The result of a start, after waiting for its confirmation. */
export async function describeStarted(
  supervision: Supervision,
  definition: ServiceDefinition,
  run: Run,
  confirmation: Exclude<Confirmation, { kind: 'overtaken' }>,
  { isKept }: { isKept: boolean },
): Promise<StartedService> {
  if (confirmation.kind === 'finished') return describeFinished(supervision, definition, run);
  const { awaited, isFinal: isMisplaced = false } = confirmation;
  const portCheck = await checkPort(supervision, run);
  const isSilent = portCheck === null && readyTargetOf(run, readinessOf(supervision, run)).kind === 'any-port';
  // Loaded on demand, because most services become ready at once.
  const { findQuestion } = isSilent || awaited !== undefined ? await import('../input/send.ts') : {};
  return {
    definition,
    run,
    outcome: isKept ? 'kept' : 'running',
    pid: await findPid(supervision, run),
    isReady: awaited === undefined,
    awaited,
    isMisplaced,
    portAccepts: run.port === null || isKept ? null : await portAccepts(run.port),
    portCheck,
    url: findRunUrl(supervision, definition, run, portCheck),
    isSilent,
    question: await findQuestion?.(supervision, run),
    stopTarget: definition.stopTarget === 'main' ? await stopTargetOf(supervision, run) : 'tree',
    isPipedInstead: isPipedInstead(runDir(supervision.stateDir, run.id)),
    logPosition: logBeginning,
  };
}

/**
 * The result for a service that was already running.
 * @throws PortInUseError if another process uses its port: the service runs, but cannot be reached there
 */
export async function describeKept(
  supervision: Supervision,
  definition: ServiceDefinition,
  run: Run,
): Promise<StartedService> {
  const machineSnapshot = takeMachineSnapshot(supervision.processes, run.shim?.startToken);
  const { isReady, awaited } = await checkReadyNow(supervision, run, { machineSnapshot });
  const portCheck = await checkPort(supervision, run, { machineSnapshot });
  if (!isReady && portCheck?.status === 'conflict' && !servesPort(portCheck)) {
    const { port } = portCheck;
    throw new PortInUseError(definition, await whoHas(supervision, { port, projectDir: run.projectDir }));
  }
  const log = new RunLog(runDir(supervision.stateDir, run.id));
  const logPosition = log.end;
  log.close();
  return {
    ...{ definition, run, outcome: 'kept', isReady, awaited: isReady ? undefined : awaited, portAccepts: null },
    pid: await findPid(supervision, run),
    url: findRunUrl(supervision, definition, run, portCheck),
    ...{ portCheck, isSilent: false, isMisplaced: false, isPipedInstead: false },
    ...{ stopTarget: await stopTargetOf(supervision, run), logPosition },
  };
}

/** The result for a program that exited successfully before its start was confirmed. */
export function describeFinished(
  { stateDir }: Pick<Supervision, 'stateDir'>,
  definition: ServiceDefinition,
  run: Run,
): StartedService {
  return {
    definition,
    run,
    outcome: 'finished',
    pid: null,
    isReady: null,
    isMisplaced: false,
    portAccepts: null,
    portCheck: null,
    url: undefined,
    isSilent: false,
    stopTarget: null,
    isPipedInstead: isPipedInstead(runDir(stateDir, run.id)),
    logPosition: logBeginning,
  };
}
