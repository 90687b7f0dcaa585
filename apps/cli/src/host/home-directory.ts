import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';

/** The user's home directory from HOME, or else from the system; undefined if it is not an absolute path. */
export function homeDirectory(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined;
  }
}
