import type { Run } from '@candle/core/runs';
import type { KnownServices, ServiceDefinition, ServiceKey, ServiceRecord } from '@candle/core/services';
import { isUnwritable } from '@candle/core/store';
import { ensureSupervisor } from '../client/ensure-supervisor.ts';
import { isAbandoned, observeRun } from '../observe/observe-run.ts';
import { checkPort } from '../port-check/check-port.ts';
import { type AwaitReadyOptions, checkReadyNow } from '../readiness/await-ready.ts';
import { requireFinished, requireReady, unreadyError } from '../readiness/await-service-ready.ts';
import { StartOvertakenByKillError } from '../service-lock/errors.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import { reconcileService } from '../stop/reconcile-orphans.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import type { Supervision } from '../supervision.ts';
import { findCaller, refuseOwnRun, refuseSelfStart } from './caller.ts';
import {
  confirmRun,
  describeFinished,
  describeKept,
  describeStarted,
  isCertain,
  type StartedService,
} from './confirm-run.ts';
import { CallerStoppedError } from './errors.ts';
import { launchRun, type ResolvedService } from './launch-run.ts';

const pollMs = 25;
export interface StartServiceOptions {
  /** The configuration of the project. */
  readonly config: KnownServices['config'];
  /** See `LaunchOptions`. */
  readonly resolved?: ResolvedService | undefined;
  /** Whether a live run is left as it is, decided under the service lock. If omitted, a live run is replaced. */
  readonly keep?: ((run: Run) => boolean) | undefined;
  /** Generation of a request that was made for this start before it could begin. */
  readonly generation?: number | undefined;
  /** How long it may take to become ready. */
  readonly waitMs?: number | undefined;
  /** Ends the wait at once, with its reason. A service that was started keeps running. */
  readonly signal?: AbortSignal | undefined;
  readonly onWaiting?: OnWaiting | undefined;
  /** Called as soon as its process has been started. */
  readonly onLaunched?: ((run: Run) => void) | undefined;
  readonly report?: AwaitReadyOptions['report'];
}

/**
 * Starts one service, replacing its current run if there is one. With `waitMs`, waits until it is ready.
 * @throws the errors of startUnready; ServiceStartsItselfError, ServiceNotReadyError or ServiceEndedUnreadyError if it is not ready in time
 */
export async function startOneService(
  supervision: Supervision,
  definition: ServiceDefinition,
  options: StartServiceOptions,
): Promise<StartedService> {
  const { waitMs, signal, report } = options;
  const beganMs = supervision.waiting.nowMs();
  const started = await startUnready(supervision, definition, options);
  if (waitMs !== undefined && started.outcome === 'finished')
    await requireFinished(supervision, definition, started.run);
  if (waitMs === undefined || started.isReady !== false) return started;
  // A command of the run would wait for itself.
  if (started.outcome === 'kept') await refuseSelfStart(supervision, await findCaller(supervision), definition);
  if (started.isMisplaced) {
    const { run, awaited = '' } = started;
    const outcome = { kind: 'unready', run, awaited, isEarly: true } as const;
    throw await unreadyError(supervision, definition, outcome, { beganMs, timeoutMs: waitMs });
  }
  const run = await requireReady(supervision, definition, { beganMs, timeoutMs: waitMs, signal, report }).catch(
    async (error: unknown) => {
      const isInTime = supervision.waiting.nowMs() < beganMs + waitMs;
      if (options.keep && isInTime && (await wasReplaced(supervision, definition))) return 'replaced' as const;
      throw error;
    },
  );
  if (run === 'replaced') return startOneService(supervision, definition, { ...options, resolved: undefined });
  if (!run) return describeFinished(supervision, definition, started.run);
  return {
    ...started,
    run,
    isReady: true,
    awaited: undefined,
    portAccepts: started.portAccepts === null ? null : true,
    portCheck: await checkPort(supervision, run),
  };
}

/**
 * Starts one service, replacing its current run if there is one, and waits until the start is confirmed. Of many starts at
 * once, the newest request wins; the others wait for its run and return its result.
 * @throws StartOvertakenByKillError, ServiceStartFailedError, ServiceLockedError, and the errors of launchRun
 */
async function startUnready(
  supervision: Supervision,
  definition: ServiceDefinition,
  options: StartServiceOptions,
): Promise<StartedService> {
  const launch = options.keep ? keepOrLaunch : launchNew;
  for (let { generation, resolved } = options; ; generation = undefined, resolved = undefined) {
    const first = await launch(supervision, definition, { ...options, generation, resolved });
    if (first && !first.isKept) options.onLaunched?.(first.run);
    // In parallel with the service's startup, and never before it.
    const supervised = ensureSupervisor(supervision);
    const report = async (service: StartedService) => {
      const trouble = await supervised;
      if (trouble) supervision.onSupervisorTrouble?.(trouble);
      return service;
    };
    const kept = first?.isKept ? first.run : undefined;
    if (kept) {
      const waits = options.waitMs !== undefined;
      await refuseOwnRun(supervision, kept, async () => !waits || (await checkReadyNow(supervision, kept)).isReady);
    }
    if (kept && isCertain(supervision, kept)) {
      return report(await describeKept(supervision, definition, kept));
    }
    for (let run = first?.run ?? (await newestRun(supervision, definition)); run; ) {
      const confirmation = await confirmRun(supervision, run, { ...options, timeoutMs: options.waitMs });
      if (confirmation.kind === 'overtaken') {
        const newest = await newestRun(supervision, definition);
        run = newest?.id === run.id ? undefined : newest;
        continue;
      }
      return report(await describeStarted(supervision, definition, run, confirmation, { isKept: run === kept }));
    }
  }
}

export interface Launched {
  readonly run: Run;
  /** It was already alive; another command may still be waiting for it. */
  readonly isKept: boolean;
}

/** Undefined if a newer request arrived before this one got the service lock. */
async function launchNew(
  supervision: Supervision,
  definition: ServiceDefinition,
  { config, onWaiting, generation: given, resolved }: StartServiceOptions,
): Promise<Launched | undefined> {
  const generation = given ?? (await requestStart(supervision, definition));
  const isSuperseded = (service: ServiceRecord) => service.request.generation > generation;
  return orWithdraw(supervision, definition, generation, () =>
    withServiceLock(supervision, definition, isSuperseded, async ({ hasWaited }) => {
      await reconcileService(supervision, definition, onWaiting);
      const options = { generation, config, onWaiting, resolved: hasWaited ? undefined : resolved };
      return { run: await launchRun(supervision, definition, options), isKept: false };
    }),
  );
}

/** The lock is a write. If nothing can be written, nothing can be started either, so a run that would be kept is kept. */
async function keepOrLaunch(
  supervision: Supervision,
  definition: ServiceDefinition,
  options: StartServiceOptions,
): Promise<Launched | undefined> {
  try {
    return await launchUnlessKept(supervision, definition, options);
  } catch (error) {
    if (!isUnwritable(error)) throw error;
    const { projectDir, name } = definition;
    const active = await supervision.store.runs.findActive(projectDir, name);
    if (!active || !options.keep?.(active) || isAbandoned(supervision, active)) throw error;
    const { isAlive, run } = await observeRun(supervision, active);
    if (!isAlive || run.status === 'starting' || run.status === 'stopping') throw error;
    return { run: active, isKept: true };
  }
}

/**
 * Requests the start only under the service lock, so that the first of many callers starts the service and the others find its
 * run. Undefined if `isNeeded`, which is called under the lock too, returns false.
 */
export async function launchUnlessKept(
  supervision: Supervision,
  definition: ServiceDefinition,
  { config, onWaiting, resolved, keep, isNeeded }: StartServiceOptions & { readonly isNeeded?: () => Promise<boolean> },
): Promise<Launched | undefined> {
  const { projectDir, name } = definition;
  await supervision.store.services.ensure(definition, supervision.self);
  return withServiceLock(
    supervision,
    definition,
    () => false,
    async ({ hasWaited }) => {
      await reconcileService(supervision, definition, onWaiting);
      const active = await supervision.store.runs.findActive(projectDir, name);
      const isKept = active && keep?.(active) && !isAbandoned(supervision, active);
      if (isKept && (await observeRun(supervision, active, { holdsServiceLock: true })).isAlive) {
        return { run: active, isKept: true };
      }
      if (isNeeded && !(await isNeeded())) return undefined;
      const generation = await requestStart(supervision, definition);
      const options = { generation, config, onWaiting, resolved: hasWaited ? undefined : resolved };
      return orWithdraw(supervision, definition, generation, async () => ({
        run: await launchRun(supervision, definition, options),
        isKept: false,
      }));
    },
  );
}

/** Withdraws the request if the launch fails: this process may live on, and others would wait for a run that never comes. */
async function orWithdraw<T>(
  { store }: Supervision,
  key: ServiceKey,
  generation: number,
  launch: () => Promise<T>,
): Promise<T> {
  try {
    return await launch();
  } catch (error) {
    // The cause of the failed start may also prevent this write. The caller must see the original error.
    await store.services.withdraw(key, generation).catch(() => undefined);
    throw error;
  }
}

/**
 * Requests a start. Earlier requests are superseded, and a kill sees that there is something to stop.
 * @throws ServiceStartsItselfError, CallerStoppedError
 */
export async function requestStart(
  supervision: Supervision,
  { projectDir, name, isTransient, shell, root }: ServiceDefinition,
): Promise<number> {
  const { store, self } = supervision;
  const key = { projectDir, name };
  const caller = await findCaller(supervision);
  await refuseSelfStart(supervision, caller, key);
  // Stopping the old run may close the terminal in which this command was typed.
  if (caller.isTyped && process.listenerCount('SIGHUP') === 0) process.on('SIGHUP', () => undefined);
  const transient = isTransient ? { shell, root: root ?? null } : null;
  const request = { ...key, verb: 'start', owner: self, transient } as const;
  const requested = await store.services.requestFrom(caller.runs, request);
  if ('killed' in requested) throw new CallerStoppedError(key, requested.killed.serviceName);
  return requested.generation;
}

/** Whether the last run was stopped by another command that starts the service again, and has not done so yet. */
async function wasReplaced({ store }: Supervision, key: ServiceKey): Promise<boolean> {
  const last = (await store.runs.listOfService(key.projectDir, key.name)).at(-1);
  return last?.endReason === 'replaced' && (await store.services.find(key))?.request.verb === 'start';
}

/** A newer request without a run by then failed before it created one. */
const newerRunTimeoutMs = 120_000;

/**
 * Waits for the run of the newest request. Undefined if the requesting process died, or withdrew the request, before a run
 * existed.
 */
async function newestRun({ store, processes, waiting }: Supervision, key: ServiceKey): Promise<Run | undefined> {
  const deadlineMs = waiting.nowMs() + newerRunTimeoutMs;
  while (waiting.nowMs() < deadlineMs) {
    const service = await store.services.find(key);
    if (service?.request.verb === 'kill') throw new StartOvertakenByKillError(key);
    const runs = await store.runs.listOfService(key.projectDir, key.name);
    const run = runs.findLast(
      ({ generation, status }) => generation === service?.request.generation && status !== 'starting',
    );
    if (run) return run;
    if (!service || !processes.isAlive(service.request.owner)) return undefined;
    await waiting.sleep(pollMs);
  }
  return undefined;
}
