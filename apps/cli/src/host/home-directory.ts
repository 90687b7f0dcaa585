import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';

/** The user's home directory: HOME, else what the system knows of this user; undefined when that is nothing of use. */
export function homeDirectory(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined;
  }
}
