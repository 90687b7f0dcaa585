import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { quote, showPath } from '../errors/quote.ts';
import { fieldOf, isRecord, listMembers, type ServiceNode } from './document.ts';
import { isRootInsideProject } from './service-root.ts';
import type { TextProblem } from './syntax-tree.ts';

/** Duplicate keys, of which the last would silently win. Checks only the objects that Candle reads. */
export function findDuplicateKeys(root: Node, services: readonly ServiceNode[]): readonly TextProblem[] {
  const objects = [
    { field: '', node: root },
    { field: 'services', node: findNodeAtLocation(root, ['services']) },
    ...services,
    ...services.map(({ field, node }) => ({ field: `${field}.env`, node: findNodeAtLocation(node, ['env']) })),
  ];
  return objects.flatMap(({ field, node }) => (node === undefined ? [] : findDuplicateKeysIn(node, field)));
}

function findDuplicateKeysIn(node: Node, field: string): readonly TextProblem[] {
  const seen = new Set<string>();
  return listMembers(node).flatMap(({ key }) => {
    const name = String(key.value);
    if (seen.has(name)) {
      return [{ offset: key.offset, field: fieldOf(field, name), problem: `${quote(name)} is given more than once` }];
    }
    seen.add(name);
    return [];
  });
}

function nameOf(service: ServiceNode): string | undefined {
  return isRecord(service.value) && typeof service.value.name === 'string' ? service.value.name : undefined;
}

/** In a list, names must be unique; in an object, every explicit name must equal its key. */
export function findNameClashes(services: readonly ServiceNode[]): readonly TextProblem[] {
  const owners = new Map<string, string>();
  return services.flatMap((service) => {
    const name = nameOf(service);
    if (name === undefined) return [];
    const offset = (findNodeAtLocation(service.node, ['name']) ?? service.node).offset;
    const field = `${service.field}.name`;
    if (service.key !== undefined) {
      const key = String(service.key.value);
      return name === key ? [] : [{ offset, field, problem: `must equal its key ${quote(key)}, or be omitted` }];
    }
    const owner = owners.get(name);
    if (owner !== undefined) return [{ offset, field, problem: `${quote(name)} is already the name of ${owner}` }];
    owners.set(name, service.field);
    return [];
  });
}

/** Roots outside the project: through `..`, absolute paths or symbolic links. */
export async function findRootsOutside(projectDir: string, services: readonly ServiceNode[]): Promise<TextProblem[]> {
  const problems: TextProblem[] = [];
  for (const { field, node } of services) {
    const root = findNodeAtLocation(node, ['root']);
    if (root === undefined || typeof root.value !== 'string' || root.value.includes('\0')) continue;
    if (await isRootInsideProject(projectDir, root.value)) continue;
    problems.push({
      offset: root.offset,
      field: `${field}.root`,
      problem: `must stay inside the project ${showPath(projectDir)}`,
    });
  }
  return problems;
}
