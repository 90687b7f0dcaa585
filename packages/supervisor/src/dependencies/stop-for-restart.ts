import {
  dependentsAmong,
  isCandleError,
  readEnvFiles,
  resolveServiceRoot,
  type ServiceDefinition,
  withDependencies,
} from '@candle/core';
import { withServiceLock } from '../service-lock/with-service-lock.ts';
import { endRun } from '../stop/end-run.ts';
import type { OnWaiting } from '../stop/stop-event.ts';
import type { Supervision } from '../supervision.ts';
import { inOrder } from './in-order.ts';
import { requestStarts, type StartPlan } from './start-in-order.ts';

/**
 * Stops the requested services that depend on each other, dependents first, so that no running service loses a dependency.
 * Returns the generations of the requests to start them again, by service name.
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
