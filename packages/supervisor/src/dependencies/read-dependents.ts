import { dependentsAmong, readKnownServices, type ServiceKey } from '@candle/core';
import type { Supervision } from '../supervision.ts';

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
