import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/**
 * The user's home directory. A HOME that is empty or relative counts as not set: taken as it is, it would give every
 * current directory a ledger of its own. Undefined when the system does not know this user either.
 */
export function homeDirectory(): string | undefined {
  return [homedir, () => userInfo().homedir].map(attempt).find((home) => home !== undefined && isAbsolute(home));
}

function attempt(ask: () => string): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
