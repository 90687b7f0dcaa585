import type { CandleError } from '@candle/core';
import type { PluginEntry } from '../plugin-entry.ts';
import { assignCommands } from './assign-commands.ts';
import { PluginNotLoadableError } from './errors.ts';
import type { InstalledPlugin } from './installed-plugin.ts';
import { loadPlugin } from './load-plugin.ts';
import { hintFor } from './plugin-hint.ts';
import type { PluginsPaths } from './plugins-paths.ts';

/**
 * Loads the plugins of a list, in its order. Never throws because of a plugin: its problems are returned with it, and the
 * others are not affected.
 */
export async function loadPlugins(
  entries: readonly PluginEntry[],
  paths: PluginsPaths,
): Promise<readonly InstalledPlugin[]> {
  if (entries.length === 0) return [];
  const loaded = await Promise.all(entries.map((entry) => loadPlugin(entry, paths)));
  const checked = loaded.map((found) => (paths.ownNames.includes(found.name) ? rejectReservedName(found) : found));
  const usable = checked.flatMap(({ plugin, entry }) => (plugin ? [{ plugin, hint: hintFor(entry) }] : []));
  const losses = assignCommands(usable, paths.coreWords);
  return checked.map((found) => {
    const lost: readonly CandleError[] = (found.plugin && losses.get(found.plugin)) ?? [];
    return { ...found, problems: [...found.problems, ...lost] };
  });
}

/** A plugin with the name of a part of Candle would replace that part. */
function rejectReservedName(found: InstalledPlugin): InstalledPlugin {
  const problem = new PluginNotLoadableError(
    found.name,
    'its name belongs to a part of Candle itself',
    hintFor(found.entry),
  );
  return { ...found, plugin: undefined, problems: [problem] };
}
