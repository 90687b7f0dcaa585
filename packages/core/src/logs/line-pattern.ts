import { stripVTControlCharacters } from 'node:util';
import { EmptyPatternError, InvalidPatternError } from './errors.ts';

/** A pattern that is matched against lines without their escape sequences. */
export interface LinePattern {
  matches(text: string): boolean;
  /** Set for plain text, which can be found before the line is complete. */
  readonly plain?: string;
}

/**
 * Creates a pattern from case-sensitive plain text or from a regular expression.
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

/** Removes escape sequences. Most lines have none, and checking is cheaper than replacing. */
export function stripLine(text: string): string {
  return text.includes('\u001b') || text.includes('\u009b') ? stripVTControlCharacters(text) : text;
}
