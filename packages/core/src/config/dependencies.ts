import { findNodeAtLocation } from 'jsonc-parser';
import { quote } from '../errors/quote.ts';
import { nearestName } from './nearest-name.ts';
import { findServiceNameProblem } from './service-fields.ts';
import { isRecord, type ServiceNode, type TextProblem } from './syntax-tree.ts';

/** A service, and the services that have to be ready before it starts. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** A path from a service back to itself, in which each service depends on the next; undefined if there is no cycle. */
export function findCycle(services: readonly Dependent[]): readonly string[] | undefined {
  const byName = new Map(services.map((service) => [service.name, service]));
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of byName.get(name)?.dependsOn ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const { name } of services) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

/** Dependencies on services that are not configured, and the first cycle. */
export function findDependencyProblems(nodes: readonly ServiceNode[]): readonly TextProblem[] {
  const services = nodes.map((node) => ({ ...dependentOf(node.value), node }));
  const names = services.map(({ name }) => name);
  const unknown = services.flatMap(({ dependsOn, node }) =>
    dependsOn
      .filter((name) => !names.includes(name))
      .map((name): TextProblem => {
        const nearest = nearestName(name, names);
        const suggestion = nearest === undefined ? '' : `; did you mean ${quote(nearest)}?`;
        return { ...locationOf(node), problem: `refers to ${quote(name)}, which is not configured${suggestion}` };
      }),
  );
  const cycle = findCycle(services);
  const first = cycle && services.find(({ name }) => name === cycle[0]);
  if (!cycle || !first) return unknown;
  return [...unknown, { ...locationOf(first.node), problem: `is circular: ${cycle.map(quote).join(' → ')}` }];
}

function locationOf({ node, field }: ServiceNode): Pick<TextProblem, 'offset' | 'field'> {
  return { offset: (findNodeAtLocation(node, ['dependsOn']) ?? node).offset, field: `${field}.dependsOn` };
}

function dependentOf(value: unknown): Dependent {
  if (!isRecord(value)) return { name: '', dependsOn: [] };
  const { name, dependsOn } = value;
  const listed = typeof dependsOn === 'string' ? [dependsOn] : Array.isArray(dependsOn) ? dependsOn : [];
  return {
    name: typeof name === 'string' ? name : '',
    // Entries that are not valid names are reported by the schema.
    dependsOn: listed.filter(
      (entry): entry is string => typeof entry === 'string' && findServiceNameProblem(entry) === undefined,
    ),
  };
}

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
