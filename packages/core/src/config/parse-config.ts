import { dirname } from 'node:path';
import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import * as v from 'valibot';
import { quote, showPath } from '../errors/quote.ts';
import { findLiteralVariables, findTemplateProblems, sampleText } from '../services/templates/template-problems.ts';
import { ConfigInvalidError, type ConfigProblem } from './config-errors.ts';
import { emptyConfig, knownFields, normaliseConfig, type ParsedConfig, WrittenConfigSchema } from './config-schema.ts';
import { findDependencyProblems } from './dependencies.ts';
import { misspelledKey, nearestName } from './nearest-name.ts';
import { findPortProblems } from './port-problems.ts';
import { findRegexProblem } from './ready-check.ts';
import { findJobProblems, findSetupNameProblems } from './run-once-fields.ts';
import { isRootInsideProject } from './service-fields.ts';
import {
  fieldOf,
  isRecord,
  listMembers,
  listServiceNodes,
  nameOf,
  parseSyntaxTree,
  type ServiceNode,
  type TextProblem,
} from './syntax-tree.ts';

function withServiceList(root: Node, services: readonly ServiceNode[]): unknown {
  const written: unknown = getNodeValue(root);
  if (!isRecord(written) || (!isRecord(written.services) && !Array.isArray(written.services))) return written;
  return { ...written, services: services.map(({ value }) => value) };
}

/** Sorts problems by position. With `onePerLine`, keeps only the first of a line: later syntax errors mostly follow from it. */
function located(path: string, text: string, problems: readonly TextProblem[], onePerLine: boolean): ConfigProblem[] {
  const found: ConfigProblem[] = [];
  const lineStarts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), ({ 0: end, index }) => index + end.length)];
  let line = 0;
  for (const { offset, field, problem } of problems.toSorted((a, b) => a.offset - b.offset)) {
    while ((lineStarts[line] ?? Infinity) <= offset) line++;
    if (onePerLine && found.at(-1)?.line === line) continue;
    found.push({ file: path, line, column: offset - (lineStarts[line - 1] ?? 0) + 1, field, problem });
  }
  return found;
}

/**
 * Parses the text of a config, without byte order mark. The project is the directory of `path`.
 * @throws ConfigInvalidError with all problems at once
 */
export async function parseConfig(path: string, text: string): Promise<ParsedConfig> {
  const { root, problems: syntax } = parseSyntaxTree(text);
  if (syntax.length > 0) throw new ConfigInvalidError(path, located(path, text, syntax, true));
  if (root === undefined) return emptyConfig;
  const nodes = listServiceNodes(root);
  const { problems, config } = checkSchema(root, withServiceList(root, nodes), nodes);
  const all = [
    ...problems,
    ...findDuplicateKeys(root, nodes),
    ...findNameClashes(nodes),
    ...(findNodeAtLocation(root, ['setup']) === undefined ? [] : findSetupNameProblems(nodes)),
    ...(nodes.some(isJob) ? findJobProblems(nodes) : []),
    ...findDependencyProblems(nodes),
    ...findPortProblems(root, nodes),
    ...findTemplateProblems(nodes, config),
    ...(await findRegexProblems(nodes)),
    ...(await findRootsOutside(dirname(path), nodes)),
  ];
  if (all.length > 0) throw new ConfigInvalidError(path, located(path, text, all, false));
  if (config === undefined) return emptyConfig;
  // Names are unique here, and tell a reader more than a position in the list.
  const named = nodes.map((node) => ({ ...node, field: fieldOf('services', nameOf(node) ?? '') }));
  const doubts = [...findUnknownFields(root, named), ...findLiteralVariables(named)];
  return { ...config, warnings: located(path, text, doubts, false) };
}

function isJob({ value }: ServiceNode): boolean {
  return isRecord(value) && ('oneshot' in value || 'inputs' in value);
}

/** Names of these keys in other tools. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  shell: ['command', 'cmd', 'run', 'script', 'exec'],
  root: ['cwd', 'dir', 'directory', 'workdir', 'working_dir', 'workingdirectory'],
  env: ['environment'],
  name: ['id', 'title', 'service'],
  services: ['processes', 'servers'],
};

/** Keys of a service of Compose, with the field to write instead; null if there is none. */
const composeFields: Readonly<Record<string, string | null>> = {
  command: 'shell',
  entrypoint: 'shell',
  environment: 'env',
  env_file: 'envFile',
  working_dir: 'root',
  depends_on: 'dependsOn',
  healthcheck: 'ready',
  stop_signal: 'stopSignal',
  stop_grace_period: 'stopTimeout',
  stdin_open: 'enableStdin',
  profiles: 'autostart',
  expose: 'port',
  image: null,
  build: null,
  volumes: null,
  networks: null,
  container_name: null,
};

/** The key that was probably meant to be the missing one. */
function findMisspelling(node: Node, missing: string): Node | undefined {
  const keys = listMembers(node).map(({ key }) => key);
  const other = otherNames[missing] ?? [];
  const known = keys.find((key) => other.includes(String(key.value).toLowerCase()));
  if (known !== undefined) return known;
  const nearest = nearestName(
    missing,
    keys.map((key) => String(key.value)),
  );
  return keys.find((key) => key.value === nearest);
}

function missingProblem(node: Node, field: string, missing: string): TextProblem {
  const meant = findMisspelling(node, missing);
  if (meant === undefined) return { offset: node.offset, field: fieldOf(field, missing), problem: 'is missing' };
  const problem = `is missing; rename '${String(meant.value)}' to '${missing}'`;
  return { offset: meant.offset, field: fieldOf(field, missing), problem };
}

function locate(issue: v.BaseIssue<unknown>, root: Node, services: readonly ServiceNode[]): TextProblem {
  const path = (issue.path ?? []).map((item) => item.key as string | number);
  const [first, index, ...rest] = path;
  const service = first === 'services' && typeof index === 'number' ? services[index] : undefined;
  const inside = service === undefined ? path : rest;
  const base = service?.node ?? root;
  const field = inside.reduce<string>(fieldOf, service?.field ?? '');
  const node = findNodeAtLocation(base, inside);
  const key = inside.at(-1);
  if (node !== undefined) return { offset: node.offset, field, problem: issue.message };
  if (service?.key !== undefined && key === 'name') {
    return { offset: service.key.offset, field: service.field, problem: issue.message };
  }
  const parent = inside.slice(0, -1);
  const parentField = parent.reduce<string>(fieldOf, service?.field ?? '');
  return missingProblem(findNodeAtLocation(base, parent) ?? base, parentField, String(key));
}

/** Reports a key like `service` that was probably meant to be `services`. Without such a key, `services` is optional. */
function findMissingServices(root: Node): readonly TextProblem[] {
  if (findNodeAtLocation(root, ['services']) !== undefined) return [];
  return findMisspelling(root, 'services') === undefined ? [] : [missingProblem(root, '', 'services')];
}

/** Unknown fields that were probably meant to be known ones. They have no effect. */
function findUnknownFields(root: Node, services: readonly ServiceNode[]): readonly TextProblem[] {
  const ports = findNodeAtLocation(root, ['ports']);
  const entries = ports === undefined ? [] : listMembers(ports);
  return [
    ...findUnknownFieldsIn(root, '', knownFields.config),
    ...services.flatMap(({ node, field, key }) => {
      const known = key === undefined ? knownFields.service : knownFields.service.filter((name) => name !== 'name');
      return findUnknownFieldsIn(node, field, known, composeFields);
    }),
    ...entries.flatMap(({ key, value }) => {
      const field = fieldOf('ports', String(key.value));
      return value === undefined ? [] : findUnknownFieldsIn(value, field, knownFields.portEntry);
    }),
  ];
}

function findUnknownFieldsIn(
  node: Node,
  field: string,
  known: readonly string[],
  foreign: Readonly<Record<string, string | null>> = {},
): readonly TextProblem[] {
  const keys = listMembers(node).map(({ key }) => ({ offset: key.offset, name: String(key.value) }));
  const unknown = keys.filter(({ name }) => !known.includes(name));
  const unused = known.filter((name) => !keys.some((key) => key.name === name));
  return unknown.flatMap(({ offset, name }) => {
    const other = Object.hasOwn(foreign, name) ? foreign[name] : undefined;
    const meant =
      unused.find((candidate) => candidate === other || otherNames[candidate]?.includes(name.toLowerCase())) ??
      misspelledKey(name, unused);
    const problem = meant === undefined ? foreignProblem(other) : `is not a known field; did you mean '${meant}'?`;
    return problem === undefined ? [] : [{ offset, field: fieldOf(field, name), problem }];
  });
}

function foreignProblem(other: string | null | undefined): string | undefined {
  if (other === undefined) return undefined;
  if (other !== null) return `is not a known field; Candle uses '${other}', which is set too`;
  return "is not a known field; Candle runs the command in 'shell', such as docker compose up, and starts no container itself";
}

interface SchemaResult {
  readonly problems: readonly TextProblem[];
  /** Undefined if there are problems. */
  readonly config: Omit<ParsedConfig, 'warnings'> | undefined;
}

/** Checks each value separately; relations between values are checked by other rules. */
function checkSchema(root: Node, document: unknown, services: readonly ServiceNode[]): SchemaResult {
  const result = v.safeParse(WrittenConfigSchema, document);
  const misspelt = isRecord(document) ? findMissingServices(root) : [];
  if (result.success) {
    return { problems: misspelt, config: normaliseConfig(result.output) };
  }
  const problems = [...misspelt, ...result.issues.map((issue) => locate(issue, root, services))];
  return { problems, config: undefined };
}

/** Duplicate keys, of which the last would silently win. Checks only the objects that Candle reads. */
function findDuplicateKeys(root: Node, services: readonly ServiceNode[]): readonly TextProblem[] {
  const objects = [
    { field: '', node: root },
    { field: 'services', node: findNodeAtLocation(root, ['services']) },
    { field: 'ports', node: findNodeAtLocation(root, ['ports']) },
    { field: 'setup', node: findNodeAtLocation(root, ['setup']) },
    ...services,
    ...['env', 'ports'].flatMap((key) =>
      services.map(({ field, node }) => ({ field: `${field}.${key}`, node: findNodeAtLocation(node, [key]) })),
    ),
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
function findNameClashes(services: readonly ServiceNode[]): readonly TextProblem[] {
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

/** Expressions that Candle does not support, with sample values for templates, if possible. */
async function findRegexProblems(services: readonly ServiceNode[]): Promise<readonly TextProblem[]> {
  const problems: TextProblem[] = [];
  for (const { node, field } of services) {
    const log = findNodeAtLocation(node, ['ready', 'log']);
    const isRegex = findNodeAtLocation(node, ['ready', 'regex'])?.value === true;
    const text = isRegex && typeof log?.value === 'string' && log.value !== '' ? sampleText(log.value) : undefined;
    const problem = text === undefined ? undefined : await findRegexProblem(text);
    if (log && problem) problems.push({ offset: log.offset, field: `${field}.ready.log`, problem });
  }
  return problems;
}

/** Roots outside the project: through `..`, absolute paths or symbolic links. */
async function findRootsOutside(projectDir: string, services: readonly ServiceNode[]): Promise<TextProblem[]> {
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
