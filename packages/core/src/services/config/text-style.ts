import { createScanner, type Node } from 'jsonc-parser';

/** How a text is laid out, so that what is added looks like what is there. */
export interface TextStyle {
  readonly eol: string;
  /** White space of one level. */
  readonly indent: string;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The white space that the line of an offset begins with. */
export function lineIndent(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** Whether only white space stands before an offset in its line. */
export function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** The beginning of the line of an offset, and the beginning of the next line. */
export function lineRange(text: string, from: number, to: number): { from: number; to: number } {
  const end = text.indexOf('\n', to);
  return { from: lineStart(text, from), to: end === -1 ? text.length : end + 1 };
}

/** By the first member of the document; two spaces where it does not tell. */
export function detectStyle(text: string, root: Node | undefined): TextStyle {
  const first = root?.children?.[0];
  const ofFirst = first !== undefined && beginsLine(text, first.offset) ? lineIndent(text, first.offset) : '';
  return { eol: text.includes('\r\n') ? '\r\n' : '\n', indent: ofFirst === '' ? '  ' : ofFirst };
}

/** The comma between two offsets that is not part of a comment. */
export function findComma(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const offset = scanner.getTokenOffset();
  return offset < to && text[offset] === ',' ? offset : undefined;
}
