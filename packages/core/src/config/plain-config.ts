import { dirname } from 'node:path';
import { lastPort } from '../ports/port-range.ts';
import type { ParsedConfig, ServiceConfig } from './config-schema.ts';
import { plainService } from './plain-service.ts';
import {
  findServiceNameProblem,
  findServiceRootProblem,
  findServiceShellProblem,
  findVariablePrefix,
  isRootInsideProject,
} from './service-fields.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a plain value of each field means; undefined if the full parser has to read it. */
const readers: Readonly<Record<string, (value: unknown) => Partial<ServiceConfig> | undefined>> = {
  name: (name) => (typeof name === 'string' && findServiceNameProblem(name) === undefined ? { name } : undefined),
  shell: (shell) => (typeof shell === 'string' && findServiceShellProblem(shell) === undefined ? { shell } : undefined),
  root: (root) => (typeof root === 'string' && findServiceRootProblem(root) === undefined ? { root } : undefined),
  port: (port) => {
    if (port === 'auto') return { port: { kind: 'auto' } };
    const isUsual = typeof port === 'number' && Number.isInteger(port) && port > 1023 && port <= lastPort;
    return isUsual ? { port: { kind: 'preferred', port } } : undefined;
  },
};

/**
 * Reads a configuration that contains nothing but services with the most frequent fields, and no templates. Undefined for every
 * other text, also an invalid one: `parseConfig` reads those. The full parser takes longer to load than a short command takes.
 * @param path of the configuration, whose directory is the project
 */
export async function readPlainConfig(path: string, text: string): Promise<ParsedConfig | undefined> {
  const document = text.includes('${') ? undefined : parsePlainJson(text);
  if (!isObject(document)) return undefined;
  const { $schema = '', services: written = [], ...others } = document;
  if (typeof $schema !== 'string' || Object.keys(others).length > 0) return undefined;
  const services = listServices(written)?.map(readService);
  if (services === undefined || services.includes(undefined)) return undefined;
  const read = services.filter((service) => service !== undefined);
  if (!areDistinct(read)) return undefined;
  for (const { root } of read) {
    if (root !== undefined && !(await isRootInsideProject(dirname(path), root))) return undefined;
  }
  return { services: read, ports: [], excludedPorts: [], warnings: [] };
}

/** Undefined for comments, unusual escapes, keys that are given twice, and whatever else JSON.parse rejects or changes. */
function parsePlainJson(text: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    const compact = text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? part : ''));
    return compact === JSON.stringify(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** The services of a list, or of an object by name. */
function listServices(written: unknown): readonly unknown[] | undefined {
  if (Array.isArray(written)) return written;
  if (!isObject(written)) return undefined;
  return Object.entries(written).map(([name, service]) =>
    isObject(service) && !Object.hasOwn(service, 'name') ? { ...service, name } : undefined,
  );
}

function readService(written: unknown): ServiceConfig | undefined {
  if (!isObject(written) || written.name === undefined || written.shell === undefined) return undefined;
  const fields = Object.entries(written).map(([field, value]) =>
    Object.hasOwn(readers, field) ? readers[field]?.(value) : undefined,
  );
  return fields.includes(undefined) ? undefined : Object.assign({ ...plainService }, ...fields);
}

/** Whether no two services have the same name, the same variables in the environment of the others, or the same port. */
function areDistinct(services: readonly ServiceConfig[]): boolean {
  const prefixes = services.map(({ name }) => findVariablePrefix(name) ?? { name });
  const ports = services.flatMap(({ port }) => (port && 'port' in port ? port.port : []));
  const names = services.map(({ name }) => name);
  return [prefixes, ports, names].every((values) => new Set<unknown>(values).size === values.length);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
