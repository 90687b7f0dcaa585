import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

/** A fault of the text at a place of it, in UTF-16 units from its beginning. */
export interface TextProblem {
  readonly offset: number;
  /** Empty for the document as a whole. */
  readonly field: string;
  readonly problem: string;
}

interface SyntaxTree {
  /** Undefined for a text of white space and comments alone. */
  readonly root?: Node;
  readonly problems: readonly TextProblem[];
}

/** The parser calls itself for each level: a file of brackets alone would overflow the stack. */
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

const sentences: Readonly<Record<string, string>> = {
  InvalidSymbol: 'is not JSON: strings and keys stand in double quotes',
  InvalidNumberFormat: 'a number is not well-formed',
  PropertyNameExpected: 'a key in double quotes is missing here',
  ValueExpected: 'a value is missing here',
  ColonExpected: "a ':' is missing before this",
  CommaExpected: "a ',' is missing before this",
  CloseBraceExpected: "a '}' is missing here",
  CloseBracketExpected: "a ']' is missing here",
  EndOfFileExpected: 'nothing may follow the end of the object',
  UnexpectedEndOfComment: "a comment has no '*/'",
  UnexpectedEndOfString: 'a string has no closing double quote',
  UnexpectedEndOfNumber: 'a number is not complete',
  InvalidUnicode: "a '\\u' needs four hexadecimal digits",
  InvalidEscapeCharacter: "a '\\' in a string is followed by a character that it cannot escape",
  InvalidCharacter: 'a string contains a control character: write a tab as \\t, a new line as \\n',
};

function syntaxProblem(error: ParseError): TextProblem {
  const problem = sentences[printParseErrorCode(error.error)] ?? 'is not JSON';
  return { offset: error.offset, field: '', problem };
}

/** Reads JSON with comments and trailing commas; the text has no byte order mark. */
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
