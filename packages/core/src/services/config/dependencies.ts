import { findNodeAtLocation } from 'jsonc-parser';
import { quote } from '../../errors/quote.ts';
import { isRecord, type ServiceNode } from './document.ts';
import { nearestName } from './nearest-name.ts';
import { findServiceNameProblem } from './service-name.ts';
import type { TextProblem } from './syntax-tree.ts';

/** A service and those that have to be ready before it is started. */
export interface Dependent {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** A way from a service back to itself, each depending on the next; undefined when there is none. */
export function findCycle(services: readonly Dependent[]): readonly string[] | undefined {
  const byName = new Map(services.map((service) => [service.name, service]));
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(name)) return [...way.slice(way.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of byName.get(name)?.dependsOn ?? []) {
      const cycle = visit(next, [...way, name]);
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

/** Dependencies on services that are not configured, and the first circle. */
export function findDependencyProblems(nodes: readonly ServiceNode[]): readonly TextProblem[] {
  const services = nodes.map((node) => ({ ...dependentOf(node.value), node }));
  const names = services.map(({ name }) => name);
  const unknown = services.flatMap(({ dependsOn, node }) =>
    dependsOn
      .filter((name) => !names.includes(name))
      .map((name): TextProblem => {
        const nearest = nearestName(name, names);
        const meant = nearest === undefined ? '' : `; did you mean ${quote(nearest)}?`;
        return { ...placeOf(node), problem: `names ${quote(name)}, which is not configured${meant}` };
      }),
  );
  const cycle = findCycle(services);
  const first = cycle && services.find(({ name }) => name === cycle[0]);
  if (!cycle || !first) return unknown;
  return [...unknown, { ...placeOf(first.node), problem: `goes in a circle: ${cycle.map(quote).join(' → ')}` }];
}

function placeOf({ node, field }: ServiceNode): Pick<TextProblem, 'offset' | 'field'> {
  return { offset: (findNodeAtLocation(node, ['dependsOn']) ?? node).offset, field: `${field}.dependsOn` };
}

function dependentOf(value: unknown): Dependent {
  if (!isRecord(value)) return { name: '', dependsOn: [] };
  const { name, dependsOn } = value;
  const listed = typeof dependsOn === 'string' ? [dependsOn] : Array.isArray(dependsOn) ? dependsOn : [];
  return {
    name: typeof name === 'string' ? name : '',
    // What is no name at all is a problem of its own.
    dependsOn: listed.filter(
      (entry): entry is string => typeof entry === 'string' && findServiceNameProblem(entry) === undefined,
    ),
  };
}
