import { dependentsAmong, readKnownServices, type ServiceKey } from '@candle/core';
import type { Supervision } from '../supervision.ts';

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
