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
import { requestStarts } from './start-in-order.ts';
import type { StartPlan } from './start-plan.ts';

/**
 * Stops those of the services asked for that depend on each other, each after those that depend on it, so that none of
 * them meets one that is gone. Returns the requests to start them again.
 */
export async function stopForRestart(
  supervision: Supervision,
  plan: StartPlan,
  onWaiting: OnWaiting | undefined,
): Promise<ReadonlyMap<string, number>> {
  const asked = plan.definitions.filter(({ name }) => plan.named.has(name));
  const dependents = dependentsAmong(
    plan.definitions,
    asked.map(({ name }) => name),
  );
  const needed = new Set([...dependents].flatMap(([name, names]) => (names.length > 0 ? [name, ...names] : [])));
  const doomed = await findDoomed(plan.definitions);
  const stopped = asked.filter(({ name }) => needed.has(name) && !doomed.has(name));
  const generations = await requestStarts(supervision, stopped);
  const byName = new Map(stopped.map((definition) => [definition.name, definition]));
  const stop = inOrder<ServiceDefinition, void>(
    ({ name }) => (dependents.get(name) ?? []).flatMap((dependent) => byName.get(dependent) ?? []),
    (definition) => stopOne(supervision, definition, { generation: generations.get(definition.name) ?? 0, onWaiting }),
  );
  await Promise.all(stopped.map(stop));
  return generations;
}

/** Those of which is known already that they, or what they depend on, cannot be started: they go on as they are. */
async function findDoomed(definitions: readonly ServiceDefinition[]): Promise<ReadonlySet<string>> {
  const unstartable = new Set<string>();
  for (const definition of definitions) if (!(await isStartable(definition))) unstartable.add(definition.name);
  const names = definitions.map(({ name }) => name);
  return new Set(names.filter((name) => withDependencies(definitions, [name]).some((one) => unstartable.has(one))));
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
      if (run) await endRun(supervision, run, { reason: 'replaced', onWaiting });
    });
  } catch (error) {
    // The start, which would have to stop it too, meets the same and tells it.
    if (!isCandleError(error)) throw error;
  }
}
