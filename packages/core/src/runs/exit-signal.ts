import { constants } from 'node:os';

/** A shell reports the end by signal N as 128 + N. */
const signalOffset = 128;

/** What an exit code of a shell says of the signal that ended the program. */
export function signalOfExitCode(code: number): string | null {
  const entry = Object.entries(constants.signals).find(([, number]) => number === code - signalOffset);
  return code > signalOffset && entry ? entry[0] : null;
}
