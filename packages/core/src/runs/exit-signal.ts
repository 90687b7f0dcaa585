import { constants } from 'node:os';

/** A shell reports that signal N ended a program as exit code 128 + N. */
const signalOffset = 128;

/** The signal that ended the program according to a shell's exit code, or null. */
export function signalOfExitCode(code: number): string | null {
  const entry = Object.entries(constants.signals).find(([, number]) => number === code - signalOffset);
  return code > signalOffset && entry ? entry[0] : null;
}
