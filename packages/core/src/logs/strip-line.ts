/**
 * Escape sequences as in ECMA-48: a string such as a title or a link with its terminator, a control sequence such as a color,
 * or any other. The text of a string contains no escape character, so a line of strings without terminators takes linear
 * time. `stripVTControlCharacters` of Node.js takes a minute for 256 KiB of them.
 */
const escapeSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it matches control characters
  /\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g;

/** Removes escape sequences, in linear time. Most lines have none, and checking is cheaper than replacing. */
export function stripLine(text: string): string {
  return text.includes('\u001b') || text.includes('\u009b') ? text.replace(escapeSequence, '') : text;
}

/**
 * To get the first N characters of a line without its escape sequences, N times this many are read: removing them from a
 * line of many megabytes would take seconds.
 */
export const escapedShare = 4;
