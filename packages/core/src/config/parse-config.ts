import { dirname } from 'node:path';
import { getNodeValue, type Node } from 'jsonc-parser';
import { findTemplateProblems } from '../services/templates/template-problems.ts';
import { ConfigInvalidError, type ConfigProblem } from './config-errors.ts';
import { findDependencyProblems } from './dependencies.ts';
import { isRecord, listServiceNodes, type ServiceNode } from './document.ts';
import { findPortProblems } from './port-rules.ts';
import { findDuplicateKeys, findNameClashes, findRootsOutside } from './rules.ts';
import { checkSchema } from './schema-problems.ts';
import type { ProjectConfig } from './service-config.ts';
import { parseSyntaxTree, type TextProblem } from './syntax-tree.ts';

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
