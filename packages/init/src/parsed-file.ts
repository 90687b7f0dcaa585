import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { parse as parseToml, TomlError } from 'smol-toml';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { type ProjectFiles, readText } from './project-files.ts';
import type { Note, Place } from './proposal.ts';
import { type Findings, lineAt } from './source.ts';

/** The keys and indexes that lead to a value. */
export type ValuePath = readonly (string | number)[];

export interface ParsedFile {
  readonly file: string;
  readonly value: unknown;
  /** Where a value is written; if that is unknown, the closest value around it. */
  placeOf(path: ValuePath): Place;
  /** The YAML tag of a value, such as `!override`. */
  tagOf(path: ValuePath): string | undefined;
}

/** A file, or why it cannot be used; neither if there is no such file. */
export interface FileReading {
  readonly parsed?: ParsedFile;
  readonly problem?: Note;
}

/** Characters. Larger files are not written by hand, and could take the parser seconds. */
const maxLength = 128 * 1024;

function readBounded(files: ProjectFiles, file: string): ReturnType<typeof readText> {
  const { text, problem } = readText(files, file);
  if (text === undefined || text.length <= maxLength)
    return { ...(text === undefined ? {} : { text }), ...(problem && { problem }) };
  return { problem: { place: { file }, text: `is larger than ${maxLength / 1024} KiB` } };
}

/** Reads a text file; one that cannot be read is reported. Undefined if it does not exist or cannot be used. */
export function readReported(files: ProjectFiles, file: string, findings: Findings): string | undefined {
  const { text, problem } = readBounded(files, file);
  if (problem !== undefined) findings.report(problem.place, problem.text);
  return text;
}

/** The file, if it can be used; otherwise, the problem is reported. */
export function reported(findings: Findings, { parsed, problem }: FileReading): ParsedFile | undefined {
  if (problem !== undefined) findings.report(problem.place, problem.text);
  return parsed;
}

const tooDeep = 'it is nested too deeply';

type Parse = (file: string, text: string) => ParsedFile;

/** What is wrong with the text of a file, as the predicate of a sentence. */
class MalformedFileError extends Error {
  readonly line: number | undefined;

  constructor(problem: string, line: number | undefined) {
    super(problem);
    this.line = line;
  }
}

function readWith(parse: Parse) {
  return (files: ProjectFiles, file: string): FileReading => {
    const { text, problem } = readBounded(files, file);
    if (text === undefined) return problem === undefined ? {} : { problem };
    try {
      return { parsed: parse(file, text) };
    } catch (error) {
      // Parsers recurse, so that nesting can exceed the stack.
      const cause = error instanceof RangeError ? new MalformedFileError(tooDeep, undefined) : error;
      if (!(cause instanceof MalformedFileError)) throw error;
      const place = { file, ...(cause.line === undefined ? {} : { line: cause.line }) };
      return { problem: { place, text: `cannot be used: ${cause.message}` } };
    }
  };
}

/** How often a YAML file may repeat an anchor, with all anchors in it. */
const maxAliases = 1_000;

/** Explicit keys (`? key`) that are nested take the parser exponential time, and nobody writes them in these files. */
const maxExplicitKeys = 50;

export const readYaml = readWith((file, text) => {
  if ((text.match(/(?:^|[\s[{,])\?(?=\s)/gm)?.length ?? 0) > maxExplicitKeys)
    throw new MalformedFileError('it has too many explicit keys', undefined);
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const problem = /call stack/.test(error.message) ? tooDeep : lowerFirst(error.message);
    throw new MalformedFileError(problem, lines.linePos(error.pos[0]).line);
  }
  const node = (path: ValuePath) => findYamlNode(document, path);
  return {
    file,
    value: contentsOf(document),
    placeOf(path) {
      const { offset } = node(path);
      return { file, ...(offset === undefined ? {} : { line: lines.linePos(offset).line }) };
    },
    tagOf: (path) => node(path).tag,
  };
});

function contentsOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    if (!(error instanceof Error) || error instanceof RangeError) throw error;
    throw new MalformedFileError(lowerFirst(error.message), undefined);
  }
}

/** The offset of the deepest node on the path that is written in the file, and the tag of the last one. */
function findYamlNode(document: Document.Parsed, path: ValuePath): { offset: number | undefined; tag?: string } {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && wordOf(key.value) === wordOf(step));
      if (!isScalar(pair?.key)) return { offset };
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      if (isScalar(node) || isMap(node)) offset = node.range?.[0] ?? offset;
    } else {
      return { offset };
    }
  }
  const tag = isMap(node) || isSeq(node) || isScalar(node) ? node.tag : undefined;
  return { offset, ...(tag === undefined ? {} : { tag }) };
}

export const readToml = readWith((file, text) => {
  try {
    return { file, value: parseToml(text), placeOf: () => ({ file }), tagOf: () => undefined };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The message continues with the text of the line.
    const [problem = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new MalformedFileError(problem, error.line);
  }
});

/** JSON whose root is an object, as all these files have it. */
function parseJson(file: string, text: string, { hasComments }: { readonly hasComments: boolean }): ParsedFile {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: !hasComments, allowTrailingComma: hasComments });
  const [error] = errors;
  if (error !== undefined) {
    // `PropertyNameExpected` is "property name expected".
    const problem = printParseErrorCode(error.error)
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase();
    throw new MalformedFileError(`it is not valid JSON (${problem})`, lineAt(text, error.offset));
  }
  if (tree?.type !== 'object') throw new MalformedFileError('it does not contain a JSON object', 1);
  return {
    file,
    value: getNodeValue(tree),
    placeOf: (path) => ({ file, line: lineAt(text, findJsonOffset(tree, path)) }),
    tagOf: () => undefined,
  };
}

export const readJson = readWith((file, text) => parseJson(file, text, { hasComments: false }));

/** JSON with comments and trailing commas. */
export const readJsonc = readWith((file, text) => parseJson(file, text, { hasComments: true }));

/** The offset of the key or element that is deepest on the path. */
function findJsonOffset(tree: Node, path: ValuePath): number {
  let [node, offset] = [tree, tree.offset];
  for (const step of path) {
    const child =
      typeof step === 'number'
        ? node.children?.[step]
        : node.children?.find(({ children }) => children?.[0]?.value === step);
    if (child === undefined) break;
    offset = child.offset;
    const value = child.type === 'property' ? child.children?.[1] : child;
    if (value === undefined) break;
    node = value;
  }
  return offset;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

export type Entries = Readonly<Record<string, unknown>>;

/** An object of a parsed file; empty for everything else. */
export function entriesOf(value: unknown): Entries {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entries) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The elements that are texts; a single text counts as a list of one. */
export function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((element) => typeof element === 'string');
}

/** The value at the end of a path of keys. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((entries, key) => own(entriesOf(entries), key), value);
}

/** The value of a key that a file names, which may be called `constructor`. */
export function own(entries: Entries, key: string): unknown {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

/** A text, number or boolean as it is written; empty for everything else. */
export function wordOf(value: unknown): string {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
}

/** A text that the shell can run. */
export function commandIn(value: unknown): string | undefined {
  const command = textOf(value);
  return command === undefined || command.trim() === '' || command.includes('\0') ? undefined : command;
}
