import type { CandleError } from '@candle/core';
import { PluginNotLoadableError } from '../errors.ts';
import type { PluginEntry } from '../plugin-entry.ts';
import { assignCommands } from './assign-commands.ts';
import type { InstalledPlugin } from './installed-plugin.ts';
import { loadPlugin } from './load-plugin.ts';
import { hintFor } from './plugin-hint.ts';
import type { PluginsPaths } from './plugins-paths.ts';

/**
 * Loads what the list of plugins names, in its order. Never throws for a plugin: what is wrong with one is told with it,
 * and the others do not notice.
 */
export async function loadPlugins(
  entries: readonly PluginEntry[],
  paths: PluginsPaths,
): Promise<readonly InstalledPlugin[]> {
  if (entries.length === 0) return [];
  const loaded = await Promise.all(entries.map((entry) => loadPlugin(entry, paths)));
  const named = loaded.map((found) => (paths.ownNames.includes(found.name) ? asPretender(found) : found));
  const usable = named.flatMap(({ plugin, entry }) => (plugin ? [{ plugin, hint: hintFor(entry) }] : []));
  const losses = assignCommands(usable, paths.coreWords);
  return named.map((found) => {
    const lost: readonly CandleError[] = (found.plugin && losses.get(found.plugin)) ?? [];
    return { ...found, problems: [...found.problems, ...lost] };
  });
}

/** Under the name of a part of Candle it would take that part's place. */
function asPretender(found: InstalledPlugin): InstalledPlugin {
  const problem = new PluginNotLoadableError(
    found.name,
    'that is the name of a part of Candle itself',
    hintFor(found.entry),
  );
  return { ...found, plugin: undefined, problems: [problem] };
}
