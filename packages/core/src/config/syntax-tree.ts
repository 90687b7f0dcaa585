import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';

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
