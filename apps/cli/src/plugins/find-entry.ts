import { resolve } from 'node:path';
import { PluginNotInstalledError } from './directory/errors.ts';
import { EmptyPluginNameError } from './install/errors.ts';
import { isLinked, type PluginEntry } from './plugin-entry.ts';

/**
 * Finds a plugin by its name, by the short name of one of Candle's own plugins, or by the directory of a linked plugin.
 * @throws PluginNotInstalledError
 */
export function getEntry(entries: readonly PluginEntry[], text: string, { cwd }: { cwd: string }): PluginEntry {
  const at = text.indexOf('@', 1);
  const name = at === -1 ? text : text.slice(0, at);
  const found =
    entries.find((entry) => entry.name === name) ??
    entries.find((entry) => entry.name === `@candle/plugin-${name}`) ??
    entries.find((entry) => isLinked(entry) && resolve(entry.root) === resolve(cwd, text));
  if (found === undefined) {
    throw new PluginNotInstalledError(
      text,
      entries.map(({ name }) => name),
    );
  }
  return found;
}

/** Call this before any other plugin is changed. */
export function refuseEmptyNames(names: readonly string[]): void {
  if (names.includes('')) throw new EmptyPluginNameError('name');
}
