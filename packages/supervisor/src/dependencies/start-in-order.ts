import { withDependencies } from '@candle/core/config';
import { isCandleError } from '@candle/core/errors';
import type { KnownServices, ServiceDefinition } from '@candle/core/services';
import type { StartedService } from '../launch/confirm-run.ts';
import type { ResolvedService } from '../launch/launch-run.ts';
import { requestStart, type StartServiceOptions, startOneService } from '../launch/start-service.ts';
import { observeRun } from '../observe/observe-run.ts';
import { requireReady } from '../readiness/await-service-ready.ts';
import type { Supervision } from '../supervision.ts';
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

export interface StartInOrderOptions extends Pick<StartServiceOptions, 'keep' | 'waitMs' | 'signal' | 'onWaiting'> {
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
  { resolved = new Map(), generations: given = new Map(), ...options }: StartInOrderOptions,
): Promise<Outcomes<StartedService>> {
  const needed = new Set(definitions.flatMap(({ dependsOn }) => dependsOn));
  const keeps = ({ name }: ServiceDefinition) => options.keep === true || !named.has(name);
  // Requested now instead of when the dependencies are ready, so that a kill sees that there is something to stop.
  const later = definitions.filter((one) => one.dependsOn.length > 0 && !keeps(one) && !given.has(one.name));
  const generations = new Map([...given, ...(await requestStarts(supervision, later))]);
  const ready = new Map<string, Promise<unknown>>();

  const startOne = async (definition: ServiceDefinition) => {
    const keep = keeps(definition);
    const generation = generations.get(definition.name);
    const waits = definition.dependsOn.length > 0 && !(keep && (await isRunning(supervision, definition)));
    if (waits) await awaitDependencies(supervision, definition, { ready, generation });
    const beganMs = supervision.waiting.nowMs();
    const own = { config, keep, generation, resolved: waits ? undefined : resolved.get(definition.name) };
    return { beganMs, started: await startOneService(supervision, definition, { ...options, ...own }) };
  };
  const { done, failed } = await collectOutcomes(definitions, async (definition) => {
    const beginning = startOne(definition);
    const becomingReady = beginning.then(async ({ beganMs, started }) => {
      if (started.isReady !== false || !needed.has(definition.name)) return;
      const timeoutMs = options.waitMs ?? definition.ready.timeoutMs;
      await requireReady(supervision, definition, { beganMs, timeoutMs });
    });
    // The dependents report this error.
    becomingReady.catch(() => undefined);
    ready.set(definition.name, becomingReady);
    return (await beginning).started;
  });
  return { done: done.filter(({ definition, outcome }) => named.has(definition.name) || outcome !== 'kept'), failed };
}

/** Requests a start for each service. Returns the generations of the requests by service name. */
export async function requestStarts(
  supervision: Supervision,
  definitions: readonly ServiceDefinition[],
): Promise<ReadonlyMap<string, number>> {
  const generations = new Map<string, number>();
  for (const definition of definitions) generations.set(definition.name, await requestStart(supervision, definition));
  return generations;
}

export async function isRunning(supervision: Supervision, { projectDir, name }: ServiceDefinition): Promise<boolean> {
  const active = await supervision.store.runs.findActive(projectDir, name);
  return active !== undefined && (await observeRun(supervision, active)).isAlive;
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
