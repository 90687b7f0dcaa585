import { expect } from 'vitest';

const newCommands = /First start of these commands on this machine:\n(?: {2}.*\n)+/;

/**
 * Matches a stderr that is empty, or contains only what a start reports if all is well: the commands that run for the first
 * time, and the `Next:` line, which is printed without a terminal.
 */
export const calm: unknown = expect.stringMatching(new RegExp(`^(${newCommands.source})?(Next: candle .*\\n)?$`));

/** The output of a start without the commands that run for the first time, which it shows first. */
export function withoutNewCommands(output: string): string {
  return output.replace(new RegExp(`^${newCommands.source}`), '');
}
