import type { LogPosition } from './log-position.ts';

/** A string has an end (half a GiB in V8): what is longer than this is no line that anybody reads. */
export const maxLineBytes = 64 * 1024 * 1024;

export const newline = 0x0a;

/** A line of a run's output; the position is that of its first byte. */
export interface LogLine extends LogPosition {
  /** Behind it and its newline. */
  readonly endOffset: number;
  /** As UTF-8, without its newline; what is no UTF-8 becomes U+FFFD. */
  readonly text: string;
  /** It has no newline: the program stopped in it, or goes on with it later. */
  readonly isPartial: boolean;
  /** How many characters of the text were left out, when some were. */
  readonly cutCharacters?: number | undefined;
}

/** The text of a line, from its bytes with or without their newline. */
export function lineText(bytes: Buffer): string {
  const end = bytes.at(-1) === newline ? bytes.length - 1 : bytes.length;
  if (end > maxLineBytes) return `${bytes.toString('utf8', 0, maxLineBytes)}…`;
  const text = bytes.toString('utf8', 0, end);
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
