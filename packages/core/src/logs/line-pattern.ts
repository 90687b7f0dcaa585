import { stripVTControlCharacters } from 'node:util';
import { EmptyPatternError, InvalidPatternError } from './errors.ts';

/** What a line is searched for; it gets lines without their escape sequences. */
export interface LinePattern {
  matches(text: string): boolean;
  /** Set when it is plain text: its place in a line is found without the line's end. */
  readonly plain?: string;
}

/**
 * Plain text, capitals and small letters held apart, or a regular expression.
 * @throws EmptyPatternError, InvalidPatternError
 */
export function linePattern(text: string, { isRegex = false } = {}): LinePattern {
  if (text === '') throw new EmptyPatternError();
  if (!isRegex) return { matches: (line) => line.includes(text), plain: text };
  try {
    const expression = new RegExp(text);
    return { matches: (line) => expression.test(line) };
  } catch (error) {
    throw new InvalidPatternError(text, error);
  }
}

/** Without escape sequences. Most lines have none, and looking is cheaper than replacing. */
export function stripLine(text: string): string {
  return text.includes('\u001b') || text.includes('\u009b') ? stripVTControlCharacters(text) : text;
}
