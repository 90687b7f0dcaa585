import { dirname } from 'node:path';
import { findNodeAtLocation, getNodeValue, type Node } from 'jsonc-parser';
import * as v from 'valibot';
import { findTemplateProblems } from '../services/templates/template-problems.ts';
import { ConfigInvalidError, type ConfigProblem } from './config-errors.ts';
import { findDuplicateKeys, findNameClashes, findPortProblems, findRootsOutside } from './config-rules.ts';
import { normaliseService, type ProjectConfig, type ServiceConfig, WrittenConfigSchema } from './config-schema.ts';
import { findDependencyProblems } from './dependencies.ts';
import { nearestName } from './nearest-name.ts';
import {
  fieldOf,
  isRecord,
  listMembers,
  listServiceNodes,
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
  for (const { offset, field, problem } of problems.toSorted((a, b) => a.offset - b.offset)) {
    const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
    const column = (lines.at(-1) ?? '').length + 1;
    if (onePerLine && found.at(-1)?.line === lines.length) continue;
    found.push({ file: path, line: lines.length, column, field, problem });
  }
  return found;
}

/** The contents of a config. */
export type ParsedConfig = Omit<ProjectConfig, 'path'>;

/**
 * Parses the text of a config, without byte order mark. The project is the directory of `path`.
 * @throws ConfigInvalidError with all problems at once
 */
export async function parseConfig(path: string, text: string): Promise<ParsedConfig> {
  const { root, problems: syntax } = parseSyntaxTree(text);
  if (syntax.length > 0) throw new ConfigInvalidError(path, located(path, text, syntax, true));
  if (root === undefined) return { services: [], excludedPorts: [] };
  const nodes = listServiceNodes(root);
  const { problems, services, excludedPorts } = checkSchema(root, withServiceList(root, nodes), nodes);
  const all = [
    ...problems,
    ...findDuplicateKeys(root, nodes),
    ...findNameClashes(nodes),
    ...findDependencyProblems(nodes),
    ...findPortProblems(root, nodes),
    ...findTemplateProblems(nodes),
    ...(await findRootsOutside(dirname(path), nodes)),
  ];
  if (all.length > 0) throw new ConfigInvalidError(path, located(path, text, all, false));
  return { services, excludedPorts };
}

/** Names of these keys in other tools. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  shell: ['command', 'cmd', 'run', 'script', 'exec'],
  name: ['id', 'title', 'service'],
  services: ['processes', 'servers'],
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

interface SchemaResult {
  readonly problems: readonly TextProblem[];
  /** Empty if there are problems. */
  readonly services: readonly ServiceConfig[];
  readonly excludedPorts: readonly number[];
}

/** Checks each value separately; relations between values are checked by other rules. */
function checkSchema(root: Node, document: unknown, services: readonly ServiceNode[]): SchemaResult {
  const result = v.safeParse(WrittenConfigSchema, document);
  const misspelt = isRecord(document) ? findMissingServices(root) : [];
  if (result.success) {
    const { services: written, excludePorts } = result.output;
    return { problems: misspelt, services: written.map(normaliseService), excludedPorts: excludePorts };
  }
  const problems = [...misspelt, ...result.issues.map((issue) => locate(issue, root, services))];
  return { problems, services: [], excludedPorts: [] };
}
