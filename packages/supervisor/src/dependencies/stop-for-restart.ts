import { dependentsAmong, resolveServiceRoot, withDependencies } from '@candle/core/config';
import { isCandleError } from '@candle/core/errors';
import type { Run } from '@candle/core/runs';
import {
  readEnvFiles,
  readKnownServices,
  type ServiceDefinition,
  type ServiceKey,
  type ServiceRecord,
} from '@candle/core/services';
import { requireLaunchable } from '../launch/launch-run.ts';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import { endRun } from '../stop/stop-run.ts';
import type { Supervision } from '../supervision.ts';
import { requestStarts, type StartPlan } from './start-in-order.ts';

/**
 * Stops the requested services that depend on each other, dependents first, so that no running service loses a dependency.
 * Returns the generations of the requests to start them again, by service name.
 * @throws RunNotSpawnedError if they could not be started again, before any of them is stopped
 */
export async function stopForRestart(
  supervision: Supervision,
  plan: StartPlan,
  onWaiting: OnWaiting | undefined,
): Promise<ReadonlyMap<string, number>> {
  const stops = await planStops(supervision, plan, plan.named);
  const generations = await requestStarts(supervision, [...stops.keys()]);
  await stopInOrder(supervision, stops, {
    isSuperseded: ({ name }, { request }) => request.generation > (generations.get(name) ?? 0),
    keep: () => false,
    onWaiting,
  });
  return generations;
}

/**
 * The same for services of which each is replaced only if `keep` rejects its run. It requests nothing, so that of many callers
 * at once, only the first replaces a run.
 */
export async function stopChanged(
  supervision: Supervision,
  plan: StartPlan,
  { changed, ...options }: { changed: ReadonlySet<string>; keep: RunFilter; onWaiting: OnWaiting | undefined },
): Promise<void> {
  await stopInOrder(supervision, await planStops(supervision, plan, changed), {
    isSuperseded: () => false,
    ...options,
  });
}

type RunFilter = (definition: ServiceDefinition, run: Run) => boolean;

type Stops = ReadonlyMap<ServiceDefinition, readonly ServiceDefinition[]>;

/**
 * Those of the named services that depend on each other, each with its dependents among them.
 * @throws the errors of requireLaunchable: if they could not all be started again, none of them may be stopped
 */
async function planStops(
  supervision: Supervision,
  { definitions, config }: StartPlan,
  names: ReadonlySet<string>,
): Promise<Stops> {
  const dependents = dependentsAmong(definitions, [...names]);
  const related = new Set([...dependents].flatMap(([name, others]) => (others.length > 0 ? [name, ...others] : [])));
  if (related.size === 0) return new Map();
  const unstartable = await findUnstartable(definitions);
  // A job in progress is never replaced.
  const stopped = definitions.filter(({ name, oneshot }) => related.has(name) && !oneshot && !unstartable.has(name));
  await requireLaunchable(supervision, stopped, config);
  return new Map(
    stopped.map((one) => [one, stopped.filter(({ name }) => dependents.get(one.name)?.includes(name) === true)]),
  );
}

interface StopOptions {
  readonly isSuperseded: (definition: ServiceDefinition, service: ServiceRecord) => boolean;
  readonly keep: RunFilter;
  readonly onWaiting: OnWaiting | undefined;
}

async function stopInOrder(supervision: Supervision, stops: Stops, options: StopOptions): Promise<void> {
  const stop = inOrder<ServiceDefinition, void>(
    (definition) => stops.get(definition) ?? [],
    (definition) => stopOne(supervision, definition, options),
  );
  await Promise.all([...stops.keys()].map(stop));
}

/** Services that cannot be started, or that depend on one that cannot. They keep running as they are. */
async function findUnstartable(definitions: readonly ServiceDefinition[]): Promise<ReadonlySet<string>> {
  const broken = new Set<string>();
  for (const definition of definitions) if (!(await isStartable(definition))) broken.add(definition.name);
  const names = definitions.map(({ name }) => name);
  return new Set(names.filter((name) => withDependencies(definitions, [name]).some((one) => broken.has(one))));
}

async function isStartable(definition: ServiceDefinition): Promise<boolean> {
  try {
    await resolveServiceRoot(definition.projectDir, definition.root);
    await readEnvFiles(definition.projectDir, definition);
    return true;
  } catch (error) {
    if (!isCandleError(error)) throw error;
    return false;
  }
}

async function stopOne(
  supervision: Supervision,
  definition: ServiceDefinition,
  { isSuperseded, keep, onWaiting }: StopOptions,
): Promise<void> {
  const { projectDir, name } = definition;
  try {
    await withServiceLock(
      supervision,
      definition,
      (service) => isSuperseded(definition, service),
      async () => {
        const run = await supervision.store.runs.findActive(projectDir, name);
        if (run && !keep(definition, run)) await endRun(supervision, run, { cause: 'replaced', onWaiting });
      },
    );
  } catch (error) {
    // The start has to stop it too, meets the same error and reports it.
    if (!isCandleError(error)) throw error;
  }
}

/**
 * Runs `work` on each subject as soon as the work on all subjects before it has ended, successfully or not. Independent
 * subjects run at the same time, and each subject runs once. `before` must not contain cycles.
 */
export function inOrder<S, T>(
  before: (subject: S) => readonly S[],
  work: (subject: S) => Promise<T>,
): (subject: S) => Promise<T> {
  const started = new Map<S, Promise<T>>();
  const end = (subject: S): Promise<T> => {
    const known = started.get(subject);
    if (known) return known;
    const result = Promise.allSettled(before(subject).map(end)).then(() => work(subject));
    started.set(subject, result);
    return result;
  };
  return end;
}

/**
 * Maps each of the services to those among them that depend on it in the current configuration. Without a valid configuration
 * there are no dependencies.
 */
export async function readDependents<Key extends ServiceKey>(
  supervision: Supervision,
  keys: readonly Key[],
): Promise<ReadonlyMap<Key, readonly Key[]>> {
  const dependents = new Map<Key, readonly Key[]>();
  for (const [projectDir, ofProject] of Map.groupBy(keys, (key) => key.projectDir)) {
    if (ofProject.length < 2) continue;
    const byName = new Map(ofProject.map((key) => [key.name, key]));
    const { config } = await readKnownServices(supervision, projectDir);
    for (const [name, names] of dependentsAmong(config?.services ?? [], [...byName.keys()])) {
      const key = byName.get(name);
      if (key)
        dependents.set(
          key,
          names.flatMap((dependent) => byName.get(dependent) ?? []),
        );
    }
  }
  return dependents;
}
