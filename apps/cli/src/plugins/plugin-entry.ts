import { join } from 'node:path';

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
