import type { LogPosition } from './log-position.ts';

/** Longer lines are cut: V8 limits strings to half a GiB, and nobody reads a line this long. */
export const maxLineBytes = 64 * 1024 * 1024;

export const newline = 0x0a;
const carriageReturn = 0x0d;

/** A line of a run's output; the position is that of its first byte. */
export interface LogLine extends LogPosition {
  /** The offset after the line and its newline. */
  readonly endOffset: number;
  /** Decoded as UTF-8, without the newline; invalid bytes become U+FFFD. */
  readonly text: string;
  /** It has no newline: the program ended within the line, or will continue it later. */
  readonly isPartial: boolean;
  /** How many characters of the text were omitted, if any. */
  readonly cutCharacters?: number | undefined;
  /** The program printed a carriage return after the text. Present only if true. */
  readonly hasCarriageReturn?: true | undefined;
}

/** Decodes a line from its bytes, with or without the newline. */
export function lineText(bytes: Buffer): string {
  const end = bytes.at(-1) === newline ? bytes.length - 1 : bytes.length;
  if (end > maxLineBytes) return `${bytes.toString('utf8', 0, maxLineBytes)}…`;
  return bytes.toString('utf8', 0, hasCarriageReturn(bytes) ? end - 1 : end);
}

/** Whether the text of a line ends with a carriage return, which is not part of its text. */
export function hasCarriageReturn(bytes: Buffer): boolean {
  return bytes.at(bytes.at(-1) === newline ? -2 : -1) === carriageReturn;
}
