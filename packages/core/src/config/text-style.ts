import { createScanner, type Node } from 'jsonc-parser';

/** The layout of a text, so that additions match it. */
export interface TextStyle {
  readonly eol: string;
  /** The white space of one level. */
  readonly indent: string;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The white space at the start of the line that contains an offset. */
export function lineIndent(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? '';
}

/** Whether there is only white space before an offset on its line. */
export function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** The start of the line that contains `from`, and the end of the line that contains `to`, including its line break. */
export function lineRange(text: string, from: number, to: number): { from: number; to: number } {
  const end = text.indexOf('\n', to);
  return { from: lineStart(text, from), to: end === -1 ? text.length : end + 1 };
}

/** Detects the style from the first member of the document; two spaces if it is not indented. */
export function detectStyle(text: string, root: Node | undefined): TextStyle {
  const first = root?.children?.[0];
  const firstIndent = first !== undefined && beginsLine(text, first.offset) ? lineIndent(text, first.offset) : '';
  return { eol: text.includes('\r\n') ? '\r\n' : '\n', indent: firstIndent === '' ? '  ' : firstIndent };
}

/** The offset of the comma between two offsets, outside comments. */
export function findComma(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(from);
  scanner.scan();
  const offset = scanner.getTokenOffset();
  return offset < to && text[offset] === ',' ? offset : undefined;
}
