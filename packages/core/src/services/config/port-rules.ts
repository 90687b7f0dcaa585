import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { quote } from '../../errors/quote.ts';
import { minPreferredPort } from '../../ports/port-preference.ts';
import { findVariablePrefix } from '../port-variables.ts';
import { isRecord, type ServiceNode } from './document.ts';
import type { TextProblem } from './syntax-tree.ts';

/** What the ports of services have to do with each other, and with the rest of the file. */
export function findPortProblems(root: Node, services: readonly ServiceNode[]): readonly TextProblem[] {
  return [
    ...services.flatMap(findLoneStrictPort),
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

function nameOf({ value, field }: ServiceNode): string {
  return isRecord(value) && typeof value.name === 'string' ? value.name : field;
}

function findLoneStrictPort(service: ServiceNode): readonly TextProblem[] {
  const strict = fieldIn(service, 'strictPort');
  const port = fieldIn(service, 'port');
  if (strict?.value !== true || (port !== undefined && port.value !== 'auto')) return [];
  const { offset, field } = strict;
  return [{ offset, field, problem: 'needs a number to insist on: write it as port, or leave strictPort out' }];
}

/** The first one to insist on a number has it. */
function findContestedNumbers(services: readonly ServiceNode[]): readonly TextProblem[] {
  const owners = new Map<unknown, string>();
  return services.flatMap((service) => {
    const port = fieldIn(service, 'port');
    if (typeof port?.value !== 'number' || fieldIn(service, 'strictPort')?.value !== true) return [];
    const owner = owners.get(port.value);
    if (owner === undefined) {
      owners.set(port.value, nameOf(service));
      return [];
    }
    const problem = `${quote(owner)} insists on ${port.value} too: give them different numbers, or take strictPort from one`;
    return [{ offset: port.offset, field: port.field, problem }];
  });
}

function findExcludedNumbers(root: Node, services: readonly ServiceNode[]): readonly TextProblem[] {
  const excluded = findNodeAtLocation(root, ['excludePorts'])?.children?.map(({ value }): unknown => value) ?? [];
  return services.flatMap((service) => {
    const port = fieldIn(service, 'port');
    // A number that is none to wish for is a problem of its own.
    if (typeof port?.value !== 'number' || port.value < minPreferredPort || !excluded.includes(port.value)) return [];
    const problem = `${port.value} is in excludePorts: take it out there, or write another number`;
    return [{ offset: port.offset, field: port.field, problem }];
  });
}

/** Two names that differ only in what a variable's name cannot say would be told by the same variables. */
function findVariableClashes(services: readonly ServiceNode[]): readonly TextProblem[] {
  const owners = new Map<string, string>();
  return services.flatMap((service) => {
    const name = nameOf(service);
    const prefix = findVariablePrefix(name);
    if (prefix === undefined) return [];
    const owner = owners.get(prefix);
    if (owner === undefined) owners.set(prefix, name);
    // The same name twice is a problem of its own.
    if (owner === undefined || owner === name) return [];
    const { offset, field } = fieldIn(service, 'name') ?? {
      offset: (service.key ?? service.node).offset,
      field: service.field,
    };
    const problem = `${quote(name)} and ${quote(owner)} would both be told to others as ${prefix}_PORT: rename one of them`;
    return [{ offset, field, problem }];
  });
}
