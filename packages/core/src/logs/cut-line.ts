import { stripLine } from './line-pattern.ts';
import type { LogLine } from './log-line.ts';

export interface CutText {
  readonly text: string;
  /** 0 if the text is complete. */
  readonly cutCharacters: number;
}

/** Removes escape sequences from a line and cuts it to the maximum length, with a note on how much is missing. */
export function cutLine<Line extends LogLine>(line: Line, maxTextLength: number | undefined): Line {
  if (maxTextLength === undefined) return line;
  const { text, cutCharacters } = cutText(stripLine(line.text), maxTextLength);
  return cutCharacters === 0 ? { ...line, text } : { ...line, text, cutCharacters };
}

/** Cuts a text that is too long, with a note on how much is missing. */
export function cutText(text: string, max: number): CutText {
  if (text.length <= max) return { text, cutCharacters: 0 };
  const end = isHighSurrogate(text.charCodeAt(max - 1)) ? max - 1 : max;
  const cutCharacters = text.length - end;
  // Copy through a buffer: a slice would keep the whole text in memory, which may be 64 MiB.
  const kept = Buffer.from(text.slice(0, end)).toString();
  return { text: `${kept}… [${cutCharacters} more characters]`, cutCharacters };
}

/** The first half of a surrogate pair, which must not be separated from the second half. */
function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
