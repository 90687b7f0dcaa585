import { withDependencies } from '@candle/core/config';
import { type CandleError, isCandleError } from '@candle/core/errors';
import type { Run } from '@candle/core/runs';
import type { KnownServices, ServiceDefinition, ServiceKey } from '@candle/core/services';
import { type StartJobOptions, startJob } from '../jobs/start-job.ts';
import type { StartedService } from '../launch/confirm-run.ts';
import type { ResolvedService } from '../launch/launch-run.ts';
import { requestStart, type StartServiceOptions, startOneService } from '../launch/start-service.ts';
import { isAbandoned, observeRun } from '../observe/observe-run.ts';
import { findRunUrl } from '../port-check/check-port.ts';
import type { Awaited } from '../readiness/await-ready.ts';
import { requireFinished, requireReady } from '../readiness/await-service-ready.ts';
import { unfinishedJob } from '../readiness/open-ready-probe.ts';
import type { Supervision, WaitClock } from '../supervision.ts';
import { DependencyFailedError } from './errors.ts';
import { collectOutcomes, type Outcomes } from './outcomes.ts';

/** The services to start. */
export interface StartPlan {
  /** In an order in which each service comes after its dependencies. */
  readonly definitions: readonly ServiceDefinition[];
  /** The services that were requested. The others are their dependencies. */
  readonly named: ReadonlySet<string>;
  readonly config: KnownServices['config'];
}

/** Plans the start of the requested services and their dependencies in the current configuration. */
export function planStart(
  { config }: Pick<KnownServices, 'config'>,
  requested: readonly ServiceDefinition[],
  getDefinition: (name: string) => ServiceDefinition,
): StartPlan {
  const named = new Map(requested.map((definition) => [definition.name, definition]));
  const configured = config?.services ?? [];
  const order = withDependencies(configured, [...named.keys()]);
  return {
    definitions: order.map((name) => named.get(name) ?? getDefinition(name)),
    named: new Set(named.keys()),
    config,
  };
}

/** What happened to a service of the plan. `done`: it is as requested, or failed. `isRequested`: not only as a dependency. */
export type StartProgress =
  | { readonly kind: 'starting' }
  /** Its process has been started. `url`: the URL that it will have. */
  | { readonly kind: 'launched'; readonly run: Run; readonly url: string | undefined }
  /** It takes long to become ready, or listens on the wrong port. */
  | ({ readonly kind: 'waiting' } & Awaited)
  | { readonly kind: 'done'; readonly result: StartedService | CandleError; readonly isRequested: boolean };

export type OnProgress = (service: ServiceKey, progress: StartProgress) => void;

export interface StartInOrderOptions extends Pick<StartServiceOptions, 'waitMs' | 'signal' | 'onWaiting'> {
  /** Whether a live run is left as it is. If omitted, requested services are replaced, and their dependencies are not. */
  readonly keep?: ((definition: ServiceDefinition, run: Run) => boolean) | undefined;
  /** Waits for each service until it is ready: `waitMs` or, if omitted, the timeout of its readiness check. */
  readonly untilReady?: boolean | undefined;
  /** The jobs that run even if they are done. */
  readonly repeated?: readonly string[] | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** The services as the caller has just resolved them, by name. Others are resolved when they are launched. */
  readonly resolved?: ReadonlyMap<string, ResolvedService>;
  /** Generations of requests that were already made for some of the services. */
  readonly generations?: ReadonlyMap<string, number>;
}

/**
 * Starts all services of a plan, each as soon as its dependencies are ready, and independent services at the same time.
 * Services that were not requested are started, and included in the result, only if they were not running.
 */
export async function startInOrder(
  supervision: Supervision,
  { definitions, named, config }: StartPlan,
  options: StartInOrderOptions,
): Promise<Outcomes<StartedService>> {
  const { resolved, generations: given = new Map(), keep, untilReady, repeated, onProgress, ...shared } = options;
  const needed = new Set(definitions.flatMap(({ dependsOn }) => dependsOn));
  const keepOf = (definition: ServiceDefinition): StartServiceOptions['keep'] =>
    keep ? (run) => keep(definition, run) : named.has(definition.name) ? undefined : () => true;
  // Requested now instead of when the dependencies are ready, so that a kill sees that there is something to stop.
  const later = definitions.filter(
    (one) => one.dependsOn.length > 0 && !one.oneshot && !keepOf(one) && !given.has(one.name),
  );
  const generations = new Map([...given, ...(await requestStarts(supervision, later))]);
  const ready = new Map<string, Promise<unknown>>();

  /** The dependents of a job wait for its end, however long that takes; only `up` has a limit that the user can set. */
  const untilOf = ({ name }: ServiceDefinition): StartJobOptions['until'] => {
    if (untilReady) return options.waitMs ?? 'end';
    return needed.has(name) || options.waitMs !== undefined ? 'end' : 'start';
  };

  const startOne = async (definition: ServiceDefinition) => {
    const isKept = keepOf(definition);
    const generation = generations.get(definition.name);
    const live = isKept && (await findLiveRun(supervision, definition));
    // A run that another command is stopping will be replaced.
    const staysAlive = live && live.status !== 'stopping' && isKept(live);
    const waits = definition.dependsOn.length > 0 && !staysAlive;
    if (waits) await awaitDependencies(supervision, definition, { ready, generation });
    onProgress?.(definition, { kind: 'starting' });
    const beganMs = supervision.waiting.nowMs();
    const waitMs = options.waitMs ?? (untilReady ? definition.ready.timeoutMs : undefined);
    const resolvedBefore = waits ? undefined : resolved?.get(definition.name);
    const report = new WaitReport(
      (awaited) => onProgress?.(definition, { kind: 'waiting', ...awaited }),
      supervision.waiting,
    );
    const onLaunched = (run: Run) =>
      onProgress?.(definition, { kind: 'launched', run, url: findRunUrl(supervision, definition, run, null) });
    if (definition.oneshot) {
      const { onWaiting, signal } = shared;
      const isForced = repeated?.includes(definition.name) === true;
      const onPoll = () => report.update({ awaited: unfinishedJob, isMisplaced: false });
      const started = await startJob(supervision, definition, {
        ...{ config, isForced, resolved: resolvedBefore, until: untilOf(definition), signal },
        ...{ onWaiting, onLaunched, onPoll },
      });
      return { beganMs, report, started };
    }
    const started = await startOneService(supervision, definition, {
      ...{ ...shared, config, keep: isKept, generation, waitMs, resolved: resolvedBefore, report, onLaunched },
    });
    if (started.outcome === 'finished' && needed.has(definition.name)) {
      await requireFinished(supervision, definition, started.run);
    }
    return { beganMs, report, started };
  };
  const { done, failed } = await collectOutcomes(definitions, async (definition) => {
    const beginning = startOne(definition);
    const becomingReady = beginning.then(async ({ beganMs, report, started }) => {
      if (started.isReady !== false || !needed.has(definition.name)) return;
      const timeoutMs = options.waitMs ?? definition.ready.timeoutMs;
      await requireReady(supervision, definition, { beganMs, timeoutMs, report });
    });
    // The dependents report this error.
    becomingReady.catch(() => undefined);
    ready.set(definition.name, becomingReady);
    const isRequested = named.has(definition.name);
    try {
      const { started } = await beginning;
      onProgress?.(definition, { kind: 'done', result: started, isRequested });
      return started;
    } catch (error) {
      if (isCandleError(error)) onProgress?.(definition, { kind: 'done', result: error, isRequested });
      throw error;
    }
  });
  return { done: done.filter(({ definition, outcome }) => named.has(definition.name) || outcome !== 'kept'), failed };
}

/** Requests a start for each service. Returns the generations of the requests by service name. */
export async function requestStarts(
  supervision: Supervision,
  definitions: readonly ServiceDefinition[],
): Promise<ReadonlyMap<string, number>> {
  const requested = new Map<ServiceDefinition, number>();
  try {
    for (const definition of definitions) requested.set(definition, await requestStart(supervision, definition));
  } catch (error) {
    const { services } = supervision.store;
    for (const [definition, generation] of requested)
      await services.withdraw(definition, generation).catch(() => undefined);
    throw error;
  }
  return new Map([...requested].map(([{ name }, generation]) => [name, generation]));
}

/** The run of a service that is alive; undefined if it is not running, or is about to be stopped because its owner is gone. */
export async function findLiveRun(
  supervision: Supervision,
  { projectDir, name }: ServiceKey,
): Promise<Run | undefined> {
  const active = await supervision.store.runs.findActive(projectDir, name);
  if (!active || isAbandoned(supervision, active)) return undefined;
  return (await observeRun(supervision, active)).isAlive ? active : undefined;
}

async function awaitDependencies(
  { store }: Supervision,
  definition: ServiceDefinition,
  { ready, generation }: { ready: ReadonlyMap<string, Promise<unknown>>; generation: number | undefined },
): Promise<void> {
  for (const dependency of definition.dependsOn) {
    try {
      await ready.get(dependency);
    } catch (error) {
      // Without this, others would wait for a run that never comes.
      if (generation !== undefined) await store.services.withdraw(definition, generation).catch(() => undefined);
      throw isCandleError(error) ? new DependencyFailedError(definition, dependency, error) : error;
    }
  }
}

/** A start that takes longer says what it is waiting for. */
const silentForMs = 2_000;

/**
 * Tells the caller what one service still needs to become ready: after two seconds, and as soon as it listens on the wrong port. A
 * start can wait in several steps, which share this.
 */
class WaitReport {
  readonly #onAwaited: ((awaited: Awaited) => void) | undefined;
  readonly #waiting: Pick<WaitClock, 'nowMs'>;
  readonly #beganMs: number;
  #hasReported = false;
  #hasReportedPlace = false;

  constructor(onAwaited: ((awaited: Awaited) => void) | undefined, waiting: Pick<WaitClock, 'nowMs'>) {
    this.#onAwaited = onAwaited;
    this.#waiting = waiting;
    this.#beganMs = waiting.nowMs();
  }

  /** Called at each step of a wait that is not over. */
  update({ awaited, isMisplaced }: Awaited): void {
    const isDue = isMisplaced ? !this.#hasReportedPlace : !this.#hasReported && this.#elapsedMs >= silentForMs;
    if (!isDue) return;
    this.#hasReported = true;
    this.#hasReportedPlace ||= isMisplaced;
    this.#onAwaited?.({ awaited, isMisplaced });
  }

  get #elapsedMs(): number {
    return this.#waiting.nowMs() - this.#beganMs;
  }
}
