import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import { quote } from '../errors/quote.ts';
import { furtherPortName, minPreferredPort } from '../ports/port-preference.ts';
import { referencesIn } from '../services/templates/parse-template.ts';
import { portVariablesOf } from './port-fields.ts';
import { findVariablePrefix } from './service-fields.ts';
import { fieldOf, isRecord, listMembers, nameOf, type ServiceNode, type TextProblem } from './syntax-tree.ts';

/** Conflicts of port settings with each other and with the rest of the file. */
export function findPortProblems(root: Node, services: readonly ServiceNode[]): readonly TextProblem[] {
  const entries = listEntries(root);
  const named = [...services.flatMap(portsOfService), ...entries.flatMap(portsOfEntry)];
  return [
    ...services.flatMap(findStrictWithoutNumber),
    ...entries.flatMap(findStrictWithoutNumber),
    ...findContestedNumbers(named),
    ...findExcludedNumbers(root, named),
    ...findNameClashes(services, named),
    ...services.flatMap(findOwnVariableClashes),
    ...findVariableClashes(services, entries),
    ...services.flatMap(findUsesOfNoPort),
  ];
}

/** An entry of the top-level `ports`. */
interface EntryNode extends Pick<ServiceNode, 'field' | 'node'> {
  readonly name: string;
  readonly key: Node;
}

function listEntries(root: Node): readonly EntryNode[] {
  const ports = findNodeAtLocation(root, ['ports']);
  return (ports === undefined ? [] : listMembers(ports)).flatMap(({ key, value }) => {
    const name = String(key.value);
    return value === undefined ? [] : [{ name, key, node: value, field: fieldOf('ports', name) }];
  });
}

interface Field {
  readonly offset: number;
  readonly field: string;
  readonly value: unknown;
}

function fieldIn({ node, field }: Pick<ServiceNode, 'field' | 'node'>, key: string): Field | undefined {
  const found = findNodeAtLocation(node, [key]);
  return found && { offset: found.offset, field: `${field}.${key}`, value: found.value };
}

/** A port setting, as written. */
interface NamedPort extends Field {
  /** The name of its reservation. */
  readonly name: string;
  readonly isStrict: boolean;
  /** The place of its name, if that is not the name of its service. */
  readonly key: Node | undefined;
}

function portsOfService(service: ServiceNode): readonly NamedPort[] {
  const name = nameOf(service) ?? service.field;
  const own = fieldIn(service, 'port');
  const isStrict = fieldIn(service, 'strictPort')?.value === true;
  return [
    ...(own === undefined ? [] : [{ name, ...own, isStrict, key: undefined }]),
    ...listFurtherPorts(service).map(({ key, value }) => {
      const variable = String(key.value);
      const field = fieldOf(`${service.field}.ports`, variable);
      return {
        name: furtherPortName(name, variable),
        ...{ offset: value?.offset ?? key.offset, field, value: value?.value },
        ...{ isStrict: false, key },
      };
    }),
  ];
}

function listFurtherPorts({ node }: ServiceNode): readonly { key: Node; value: Node | undefined }[] {
  const ports = findNodeAtLocation(node, ['ports']);
  return ports === undefined ? [] : listMembers(ports);
}

function portsOfEntry(entry: EntryNode): readonly NamedPort[] {
  const { name, key, node, field } = entry;
  const port = node.type === 'object' ? fieldIn(entry, 'port') : { offset: node.offset, field, value: node.value };
  if (port === undefined) return [];
  return [{ name, ...port, isStrict: fieldIn(entry, 'strictPort')?.value === true, key }];
}

function findStrictWithoutNumber(owner: Pick<ServiceNode, 'field' | 'node'>): readonly TextProblem[] {
  const strict = fieldIn(owner, 'strictPort');
  const port = fieldIn(owner, 'port');
  if (strict?.value !== true || (port !== undefined && port.value !== 'auto' && port.value !== null)) return [];
  const { offset, field } = strict;
  return [{ offset, field, problem: 'requires a port number: set port to a number, or remove strictPort' }];
}

/** The first that requires a port keeps it. */
function findContestedNumbers(ports: readonly NamedPort[]): readonly TextProblem[] {
  const owners = new Map<unknown, string>();
  return ports.flatMap(({ name, value, isStrict, offset, field }) => {
    if (typeof value !== 'number' || !isStrict) return [];
    const owner = owners.get(value);
    if (owner === undefined) {
      owners.set(value, name);
      return [];
    }
    const problem = `${quote(owner)} also requires ${value}: give them different numbers, or remove strictPort from one of them`;
    return [{ offset, field, problem }];
  });
}

function findExcludedNumbers(root: Node, ports: readonly NamedPort[]): readonly TextProblem[] {
  const excluded = findNodeAtLocation(root, ['excludePorts'])?.children?.map(({ value }): unknown => value) ?? [];
  return ports.flatMap(({ value, offset, field }) => {
    // Numbers below the minimum are reported by the schema.
    if (typeof value !== 'number' || value < minPreferredPort || !excluded.includes(value)) return [];
    return [{ offset, field, problem: `${value} is in excludePorts: remove it there, or choose another port` }];
  });
}

/** Reservations with the same name, because each name has at most one. Two services with one name are reported by another rule. */
function findNameClashes(services: readonly ServiceNode[], ports: readonly NamedPort[]): readonly TextProblem[] {
  const owners = new Map(services.map((service) => [nameOf(service), service.field]));
  return ports.flatMap(({ name, key, field }) => {
    if (key === undefined) return [];
    const owner = owners.get(name);
    owners.set(name, owner ?? field);
    // A repeated key is reported by another rule.
    if (owner === undefined || owner === field) return [];
    return [
      { offset: key.offset, field, problem: `${quote(name)} is already the name of ${owner}: rename one of them` },
    ];
  });
}

/** Variables that contain the service's own port, or that would give other services `WEB_PORT` or `WEB_URL` twice. */
function findOwnVariableClashes(service: ServiceNode): readonly TextProblem[] {
  if (!isRecord(service.value) || service.value.port === null) return [];
  const { portEnv } = service.value;
  const own = ['PORT', 'URL', ...portVariablesOf(isPortEnv(portEnv) ? portEnv : undefined)];
  return listFurtherPorts(service).flatMap(({ key }) => {
    const variable = String(key.value);
    if (!own.includes(variable)) return [];
    const problem = `${variable} belongs to the port of the service itself: choose another variable`;
    return [{ offset: key.offset, field: fieldOf(`${service.field}.ports`, variable), problem }];
  });
}

function isPortEnv(value: unknown): value is string | readonly string[] | null {
  return typeof value === 'string' || value === null || Array.isArray(value);
}

/** A variable that other services get, and who sets it. */
interface GivenVariable {
  readonly variable: string;
  readonly name: string;
  /** Of a further port. */
  readonly serviceName?: string;
  readonly place: Pick<TextProblem, 'offset' | 'field'>;
}

/** Two names that differ only in characters that variable names cannot contain would use the same variables. */
function findVariableClashes(services: readonly ServiceNode[], entries: readonly EntryNode[]): readonly TextProblem[] {
  const owners = new Map<string, string>();
  const given = [...services.flatMap(variablesOfService), ...entries.flatMap(variablesOfEntry)];
  return given.flatMap(({ variable, name, serviceName, place }) => {
    const owner = owners.get(variable);
    if (owner === undefined) owners.set(variable, name);
    // A repeated name, and a variable of the service's own port, are reported by other rules.
    if (owner === undefined || owner === name || owner === serviceName) return [];
    const problem = `${quote(name)} and ${quote(owner)} would both set ${variable} for other services: rename one of them`;
    return [{ ...place, problem }];
  });
}

function variablesOfService(service: ServiceNode): readonly GivenVariable[] {
  const name = nameOf(service) ?? service.field;
  const prefix = findVariablePrefix(name);
  if (prefix === undefined) return [];
  const { offset, field } = fieldIn(service, 'name') ?? {
    offset: (service.key ?? service.node).offset,
    field: service.field,
  };
  const own = fieldIn(service, 'port')?.value === null ? [] : [`${prefix}_PORT`];
  return [
    ...own.map((variable) => ({ variable, name, place: { offset, field } })),
    ...listFurtherPorts(service).map(({ key }) => {
      const variable = String(key.value);
      const place = { offset: key.offset, field: fieldOf(`${service.field}.ports`, variable) };
      return { variable: `${prefix}_${variable}`, name: furtherPortName(name, variable), serviceName: name, place };
    }),
  ];
}

function variablesOfEntry({ name, key, node, field }: EntryNode): readonly GivenVariable[] {
  const written = findNodeAtLocation(node, ['portEnv']);
  const portEnv: unknown = written && getNodeValue(written);
  const prefix = findVariablePrefix(name);
  const usual = prefix === undefined ? null : `${prefix}_PORT`;
  const variables = portVariablesOf(isPortEnv(portEnv) ? portEnv : usual);
  return variables.map((variable) => ({ variable, name, place: { offset: key.offset, field } }));
}

/** Fields that need the port that the service never gets. Templates in other fields are checked by another rule. */
function findUsesOfNoPort(service: ServiceNode): readonly TextProblem[] {
  if (fieldIn(service, 'port')?.value !== null) return [];
  const [port, http, url] = [['ready', 'port'], ['ready', 'http'], ['url']].map((path) => {
    const node = findNodeAtLocation(service.node, path);
    return node && { offset: node.offset, field: [service.field, ...path].join('.'), value: node.value };
  });
  const uses = [
    port?.value === true ? port : undefined,
    typeof http?.value === 'string' && http.value.startsWith('/') ? http : undefined,
    typeof url?.value === 'string' && referencesIn(url.value).length > 0 ? url : undefined,
  ];
  const problem = 'needs a reserved port, but port is null: set it to "auto"';
  return uses.flatMap((field) => (field === undefined ? [] : [{ offset: field.offset, field: field.field, problem }]));
}
