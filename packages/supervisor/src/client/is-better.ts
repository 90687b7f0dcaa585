import type { Greeting } from './protocol.ts';
import { isNewer } from './version.ts';

type Traits = Pick<Greeting, 'version' | 'openFiles'>;

/**
 * Should the first take the place of the second? The newer one, and of one version the one that may have more files open: it
 * may have been started in a restricted shell, keeps some files open for each run, and gives its limit to what it starts
 * again. An older one never replaces a newer one, so they do not take turns. Pure.
 */
export function isBetter(mine: Traits, other: Traits): boolean {
  if (mine.version !== other.version) return isNewer(mine.version, other.version);
  return mine.openFiles != null && other.openFiles != null && mine.openFiles > other.openFiles;
}
