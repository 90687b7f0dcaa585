import type { PluginDocument } from '@candle/documents';
import type { InstalledPlugin } from './load/installed-plugin.ts';
import { typedCommand } from './load/installed-plugin.ts';
import { isLinked, withoutPassword } from './plugin-entry.ts';

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
