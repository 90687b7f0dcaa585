import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { quote } from '../errors/quote.ts';

/** A problem of the text, at an offset in UTF-16 code units. */
export interface TextProblem {
  readonly offset: number;
  /** Empty for the whole document. */
  readonly field: string;
  readonly problem: string;
}

interface SyntaxTree {
  /** Undefined for a text of only white space and comments. */
  readonly root?: Node;
  readonly problems: readonly TextProblem[];
}

/** The parser is recursive, so a deeply nested file would overflow the stack. */
const maxDepth = 100;

function findTooDeepOffset(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (offset >= text.length) return undefined;
    const first = text[offset];
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth > maxDepth) return offset;
  }
}

const messages: Readonly<Record<string, string>> = {
  InvalidSymbol: 'is not JSON: strings and keys need double quotes',
  InvalidNumberFormat: 'a number is not well-formed',
  PropertyNameExpected: 'expected a key in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: "expected ':'",
  CommaExpected: "expected ','",
  CloseBraceExpected: "expected '}'",
  CloseBracketExpected: "expected ']'",
  EndOfFileExpected: 'nothing may follow the end of the object',
  UnexpectedEndOfComment: "a comment has no '*/'",
  UnexpectedEndOfString: 'a string has no closing double quote',
  UnexpectedEndOfNumber: 'a number is incomplete',
  InvalidUnicode: "a '\\u' needs four hexadecimal digits",
  InvalidEscapeCharacter: "a '\\' in a string is followed by a character that it cannot escape",
  InvalidCharacter: 'a string contains a control character: write a tab as \\t, a newline as \\n',
};

function syntaxProblem(error: ParseError): TextProblem {
  const problem = messages[printParseErrorCode(error.error)] ?? 'is not JSON';
  return { offset: error.offset, field: '', problem };
}

/** Parses JSON with comments and trailing commas, without byte order mark. */
export function parseSyntaxTree(text: string): SyntaxTree {
  const tooDeep = findTooDeepOffset(text);
  if (tooDeep !== undefined) {
    return { problems: [{ offset: tooDeep, field: '', problem: `is nested deeper than ${maxDepth} levels` }] };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const problems = errors.map(syntaxProblem);
  return root === undefined ? { problems } : { root, problems };
}

/** One service in the text of a config. */
export interface ServiceNode {
  /** The field in problem messages: `services[0]`, `services.api`. */
  readonly field: string;
  readonly node: Node;
  /** In the object form, the node of the key, which is the name. */
  readonly key?: Node;
  readonly value: unknown;
}

/** `parent.key`, or `parent['a key']` for a key that is not a plain word. */
export function fieldOf(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  if (!/^[\w$-]+$/.test(key)) return `${parent}[${quote(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The services in either form, in the order of the text; empty if `services` is missing or of another type. */
export function listServiceNodes(root: Node): readonly ServiceNode[] {
  const services = findNodeAtLocation(root, ['services']);
  const children = services?.children ?? [];
  if (services?.type === 'array') {
    return children.map((node, index) => ({ field: fieldOf('services', index), node, value: getNodeValue(node) }));
  }
  return children.flatMap(({ children: [key, node] = [] }) => {
    if (key === undefined || node === undefined) return [];
    const value: unknown = getNodeValue(node);
    const named = isRecord(value) && !Object.hasOwn(value, 'name') ? { ...value, name: key.value } : value;
    return [{ field: fieldOf('services', String(key.value)), node, key, value: named }];
  });
}

/** The name of a service; undefined if it is missing or not a string. */
export function nameOf({ value }: ServiceNode): string | undefined {
  return isRecord(value) && typeof value.name === 'string' ? value.name : undefined;
}

/** The members of an object node, as key and value nodes. */
export function listMembers(node: Node): readonly { key: Node; value: Node | undefined }[] {
  if (node.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined ? [] : [{ key, value }],
  );
}
