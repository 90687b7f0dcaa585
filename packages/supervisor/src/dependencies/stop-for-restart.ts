import { dependentsAmong, resolveServiceRoot, withDependencies } from '@candle/core/config';
import { isCandleError } from '@candle/core/errors';
import { readEnvFiles, readKnownServices, type ServiceDefinition, type ServiceKey } from '@candle/core/services';
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
  const requested = plan.definitions.filter(({ name }) => plan.named.has(name));
  const dependents = dependentsAmong(
    plan.definitions,
    requested.map(({ name }) => name),
  );
  const needed = new Set([...dependents].flatMap(([name, names]) => (names.length > 0 ? [name, ...names] : [])));
  const unstartable = await findUnstartable(plan.definitions);
  const stopped = requested.filter(({ name }) => needed.has(name) && !unstartable.has(name));
  await requireLaunchable(supervision, stopped, plan.configuredNames);
  const generations = await requestStarts(supervision, stopped);
  const byName = new Map(stopped.map((definition) => [definition.name, definition]));
  const stop = inOrder<ServiceDefinition, void>(
    ({ name }) => (dependents.get(name) ?? []).flatMap((dependent) => byName.get(dependent) ?? []),
    (definition) => stopOne(supervision, definition, { generation: generations.get(definition.name) ?? 0, onWaiting }),
  );
  await Promise.all(stopped.map(stop));
  return generations;
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
  { generation, onWaiting }: { generation: number; onWaiting: OnWaiting | undefined },
): Promise<void> {
  const { projectDir, name } = definition;
  const isSuperseded = (service: { request: { generation: number } }) => service.request.generation > generation;
  try {
    await withServiceLock(supervision, definition, isSuperseded, async () => {
      const run = await supervision.store.runs.findActive(projectDir, name);
      if (run) await endRun(supervision, run, { cause: 'replaced', onWaiting });
    });
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
export async function readDependents(
  supervision: Supervision,
  keys: readonly ServiceKey[],
): Promise<ReadonlyMap<ServiceKey, readonly ServiceKey[]>> {
  const dependents = new Map<ServiceKey, readonly ServiceKey[]>();
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
