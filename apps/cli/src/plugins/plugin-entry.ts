import { join } from 'node:path';

/** What the list of plugins says of one; the form is oclif's. */
export interface PluginEntry {
  readonly name: string;
  readonly type: 'user' | 'link';
  /** Of one from a registry: the version, range or dist-tag that was asked for. */
  readonly tag?: string;
  /** Of one that was installed from an address or a tarball: what npm was given. */
  readonly url?: string;
  /** Of a linked one: its directory. */
  readonly root?: string;
}

/** `installed` and `linked` are the words for people. */
export function isLinked(entry: PluginEntry): entry is PluginEntry & { root: string } {
  return entry.type === 'link' && entry.root !== undefined;
}

/** Of one that is installed, what npm has put there; oclif would look for it in all directories above as well. */
export function rootOf(entry: PluginEntry, dataDir: string): string {
  return isLinked(entry) ? entry.root : join(dataDir, 'node_modules', entry.name);
}

/** As npm shows it: who reads a list, or an error in a log, need not learn a password. */
export function withoutPassword(address: string): string {
  return address.replace(/^([\w+]+:\/\/[^/@:]*):[^/@]*@/, '$1:***@');
}
