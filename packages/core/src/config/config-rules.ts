import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { quote, showPath } from '../errors/quote.ts';
import { minPreferredPort } from '../ports/port-preference.ts';
import { findVariablePrefix } from '../services/port-variables.ts';
import { isRootInsideProject } from './service-fields.ts';
import { fieldOf, listMembers, nameOf, type ServiceNode, type TextProblem } from './syntax-tree.ts';

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

/** Conflicts of port settings with each other and with the rest of the file. */
export function findPortProblems(root: Node, services: readonly ServiceNode[]): readonly TextProblem[] {
  return [
    ...services.flatMap(findStrictWithoutNumber),
    ...findContestedNumbers(services),
    ...findExcludedNumbers(root, services),
    ...findVariableClashes(services),
  ];
}

interface Field {
  readonly offset: number;
  readonly field: string;
  readonly value: unknown;
}

function fieldIn({ node, field }: ServiceNode, key: string): Field | undefined {
  const found = findNodeAtLocation(node, [key]);
  return found && { offset: found.offset, field: `${field}.${key}`, value: found.value };
}

function findStrictWithoutNumber(service: ServiceNode): readonly TextProblem[] {
  const strict = fieldIn(service, 'strictPort');
  const port = fieldIn(service, 'port');
  if (strict?.value !== true || (port !== undefined && port.value !== 'auto')) return [];
  const { offset, field } = strict;
  return [{ offset, field, problem: 'requires a port number: set port to a number, or remove strictPort' }];
}

/** The first service that requires a port keeps it. */
function findContestedNumbers(services: readonly ServiceNode[]): readonly TextProblem[] {
  const owners = new Map<unknown, string>();
  return services.flatMap((service) => {
    const port = fieldIn(service, 'port');
    if (typeof port?.value !== 'number' || fieldIn(service, 'strictPort')?.value !== true) return [];
    const owner = owners.get(port.value);
    if (owner === undefined) {
      owners.set(port.value, nameOf(service) ?? service.field);
      return [];
    }
    const problem = `${quote(owner)} also requires ${port.value}: give them different numbers, or remove strictPort from one of them`;
    return [{ offset: port.offset, field: port.field, problem }];
  });
}

function findExcludedNumbers(root: Node, services: readonly ServiceNode[]): readonly TextProblem[] {
  const excluded = findNodeAtLocation(root, ['excludePorts'])?.children?.map(({ value }): unknown => value) ?? [];
  return services.flatMap((service) => {
    const port = fieldIn(service, 'port');
    // Numbers below the minimum are reported by the schema.
    if (typeof port?.value !== 'number' || port.value < minPreferredPort || !excluded.includes(port.value)) return [];
    const problem = `${port.value} is in excludePorts: remove it there, or choose another port`;
    return [{ offset: port.offset, field: port.field, problem }];
  });
}

/** Two names that differ only in characters that variable names cannot contain would use the same variables. */
function findVariableClashes(services: readonly ServiceNode[]): readonly TextProblem[] {
  const owners = new Map<string, string>();
  return services.flatMap((service) => {
    const name = nameOf(service) ?? service.field;
    const prefix = findVariablePrefix(name);
    if (prefix === undefined) return [];
    const owner = owners.get(prefix);
    if (owner === undefined) owners.set(prefix, name);
    // A repeated name is reported by another rule.
    if (owner === undefined || owner === name) return [];
    const { offset, field } = fieldIn(service, 'name') ?? {
      offset: (service.key ?? service.node).offset,
      field: service.field,
    };
    const problem = `${quote(name)} and ${quote(owner)} would both set ${prefix}_PORT for other services: rename one of them`;
    return [{ offset, field, problem }];
  });
}
