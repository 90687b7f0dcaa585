import type { Greeting } from './protocol.ts';
import { isNewer } from './version.ts';

type Traits = Pick<Greeting, 'version' | 'openFiles'>;

/**
 * Whether the first supervisor should replace the second: a newer version replaces an older one, and within a version a
 * higher limit of open files replaces a lower one. A supervisor may have been started in a restricted shell, it keeps
 * some files open for each run, and services that it restarts inherit its limit. An older version never replaces a
 * newer one, so two versions do not replace each other repeatedly. Pure.
 */
export function isBetter(mine: Traits, other: Traits): boolean {
  if (mine.version !== other.version) return isNewer(mine.version, other.version);
  return mine.openFiles != null && other.openFiles != null && mine.openFiles > other.openFiles;
}
