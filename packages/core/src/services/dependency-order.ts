import type { Dependent } from './config/dependencies.ts';

/**
 * The named services and all that they depend on, at whatever distance. Each stands behind those that it depends on;
 * else the order of the names is kept. Pure; the configuration has no circles.
 */
export function withDependencies(services: readonly Dependent[], names: readonly string[]): readonly string[] {
  const dependenciesOf = lookUp(services);
  const ordered = new Set<string>();
  const entered = new Set<string>();
  const add = (name: string) => {
    if (entered.has(name)) return;
    entered.add(name);
    for (const dependency of dependenciesOf(name)) add(dependency);
    ordered.add(name);
  };
  for (const name of names) add(name);
  return [...ordered];
}

/** For each of the names those of them that depend on it, directly or by way of any other service. Pure. */
export function dependentsAmong(
  services: readonly Dependent[],
  names: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const needs = new Map(names.map((name) => [name, new Set(withDependencies(services, [name]))]));
  return new Map(
    names.map((name) => [name, names.filter((other) => other !== name && needs.get(other)?.has(name) === true)]),
  );
}

function lookUp(services: readonly Dependent[]): (name: string) => readonly string[] {
  const byName = new Map(services.map(({ name, dependsOn }) => [name, dependsOn]));
  return (name) => byName.get(name) ?? [];
}
