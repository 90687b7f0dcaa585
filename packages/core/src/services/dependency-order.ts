import type { Dependent } from '../config/dependencies.ts';

/**
 * The given services and all their direct and indirect dependencies. Each service comes after its dependencies; otherwise
 * the order of `names` is kept. Pure. The dependencies must be acyclic, which the configuration guarantees.
 */
export function withDependencies(services: readonly Dependent[], names: readonly string[]): readonly string[] {
  const dependenciesOf = indexDependencies(services);
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

/** For each name, the other names that depend on it, directly or through any other service. Pure. */
export function dependentsAmong(
  services: readonly Dependent[],
  names: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const needs = new Map(names.map((name) => [name, new Set(withDependencies(services, [name]))]));
  return new Map(
    names.map((name) => [name, names.filter((other) => other !== name && needs.get(other)?.has(name) === true)]),
  );
}

function indexDependencies(services: readonly Dependent[]): (name: string) => readonly string[] {
  const byName = new Map(services.map(({ name, dependsOn }) => [name, dependsOn]));
  return (name) => byName.get(name) ?? [];
}
