import { join, resolve } from 'node:path';
import { advise, candle, type Hint, phrase } from '@candle/core/errors';
import { EmptyPluginNameError, PluginNotInstalledError } from './directory/errors.ts';

/** An entry in the list of plugins, in oclif's format. */
export interface PluginEntry {
  readonly name: string;
  readonly type: 'user' | 'link';
  /** For a plugin from a registry: the requested version, range or dist-tag. */
  readonly tag?: string;
  /** For a plugin from a URL or a tarball: the argument for npm. */
  readonly url?: string;
  /** For a linked plugin: its directory. */
  readonly root?: string;
}

/** Output for users says `installed` and `linked`. */
export function isLinked(entry: PluginEntry): entry is PluginEntry & { root: string } {
  return entry.type === 'link' && entry.root !== undefined;
}

/** The directory of a plugin. Unlike oclif, this does not search parent directories for an installed plugin. */
export function rootOf(entry: PluginEntry, dataDir: string): string {
  return isLinked(entry) ? entry.root : join(dataDir, 'node_modules', entry.name);
}

/** Masks the password in a URL like npm does, so that lists and logged errors do not reveal it. */
export function withoutPassword(address: string): string {
  return address.replace(/^([\w+]+:\/\/[^/@:]*):[^/@]*@/, '$1:***@');
}

/** What to do about a plugin that cannot be used. */
export function hintFor({ name, type, tag }: Pick<PluginEntry, 'name' | 'type' | 'tag'>): Hint {
  if (type === 'link') return advise('Fix it, or unlink it', candle('plugins', 'unlink', name));
  const uninstall = candle('plugins', 'uninstall', name);
  if (tag === undefined) return advise('To uninstall it', uninstall);
  const update = advise('Update it', candle('plugins', 'update', name));
  return phrase(update, ', or ', advise('uninstall it', uninstall));
}

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
