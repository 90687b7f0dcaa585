import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type ProjectFiles, readText } from '../project-files.ts';
import type { Note } from '../proposal.ts';

/** A JSON file of the project: its content, or why it cannot be used. */
export interface JsonFile {
  readonly root?: Node;
  readonly text: string;
  readonly problem?: Note;
}

/** Undefined if there is no such file. */
export function readJson(
  files: ProjectFiles,
  path: string,
  { hasComments = false }: { readonly hasComments?: boolean } = {},
): JsonFile | undefined {
  const { text, problem } = readText(files, path);
  if (problem !== undefined) return { text: '', problem };
  if (text === undefined) return undefined;
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { disallowComments: !hasComments, allowTrailingComma: hasComments });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { text, problem: { place: { file: path }, text: 'is nested too deeply' } };
  }
  const [error] = errors;
  if (error !== undefined) {
    const place = { file: path, line: lineAt(text, error.offset) };
    return { text, problem: { place, text: `is not valid JSON: ${describe(printParseErrorCode(error.error))}` } };
  }
  if (root?.type !== 'object') {
    return { text, problem: { place: { file: path, line: 1 }, text: 'does not contain a JSON object' } };
  }
  return { root, text };
}

/** From 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** The members of an object whose values are strings, with their lines. */
export function stringMembers(node: Node | undefined, text: string): ReadonlyMap<string, TextAt> {
  const members = new Map<string, TextAt>();
  for (const { children: [key, value] = [], offset } of node?.type === 'object' ? (node.children ?? []) : []) {
    if (typeof value?.value === 'string') {
      members.set(String(key?.value), { text: value.value, line: lineAt(text, offset) });
    }
  }
  return members;
}

export interface TextAt {
  readonly text: string;
  readonly line: number;
}

/** `PropertyNameExpected` is `property name expected`. */
function describe(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
