import { safeText } from '../errors/quote.ts';

/** The line as a reader sees it in the end: its last state, and nothing that controls a terminal. */
export function plainLine(line: string): string {
  return safeText(lastState(line));
}

/** What a search looks at: the states of the line, each on its own line, without anything that controls a terminal. */
export function statesOf(line: string): string {
  return safeText(line.includes('\r') ? line.replaceAll('\r', '\n') : line);
}

/**
 * What a terminal shows in the end of a line that a program rewrites with carriage returns, such as a progress bar. States
 * without text, which only clear the line, do not count.
 */
export function lastState(line: string): string {
  if (!line.includes('\r')) return line;
  for (let end = line.length; end > 0; ) {
    const begin = line.lastIndexOf('\r', end - 1) + 1;
    const state = line.slice(begin, end);
    if (begin === 0 || hasText(state)) return state;
    end = begin - 1;
  }
  return '';
}

/** Whether a state of a line shows anything. */
export function hasText(state: string): boolean {
  return safeText(state).trim() !== '';
}

/**
 * To get the first N characters of a line without its escape sequences, N times this many are read: removing them from a
 * line of many megabytes would take seconds.
 */
export const escapedShare = 4;
