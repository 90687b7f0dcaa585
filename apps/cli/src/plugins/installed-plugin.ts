import type { CandleError } from '@candle/core/errors';
import type { PluginDocument } from '@candle/documents';
import type { Plugin } from '@oclif/core/config';
import { isLinked, type PluginEntry, withoutPassword } from './plugin-entry.ts';

/** A plugin in the list of plugins, usable or not. */
export interface InstalledPlugin {
  readonly entry: PluginEntry;
  readonly name: string;
  readonly root: string;
  /** From its package.json; undefined if that cannot be read. */
  readonly version: string | undefined;
  /** All problems of the plugin, with hints. */
  readonly problems: readonly CandleError[];
  /** For oclif, without commands that belong to another plugin or to Candle. Undefined if the plugin is unusable. */
  readonly plugin: Plugin | undefined;
  /** All its commands as far as they are known, even if the plugin is unusable. */
  readonly commandIds: readonly string[];
}

/** A command as users type it. */
export function typedCommand(id: string): string {
  return id.replaceAll(':', ' ');
}

/** What `--json` prints for a plugin. */
export function pluginDocument({ entry, name, version, root, plugin, problems }: InstalledPlugin): PluginDocument {
  return {
    name,
    version: version ?? null,
    type: isLinked(entry) ? 'linked' : 'installed',
    source: entry.root ?? (entry.url && withoutPassword(entry.url)) ?? entry.tag ?? 'latest',
    root,
    commands: (plugin?.commands ?? []).filter(({ hidden }) => !hidden).map(({ id }) => typedCommand(id)),
    events: Object.keys(plugin?.hooks ?? {}),
    problems: problems.map(({ code, message, hint = null }) => ({ code, message, hint })),
  };
}
