import { existsSync } from 'node:fs';
import { removePluginFiles } from './directory/change-plugins.ts';
import { withLockedPlugins } from './directory/lock-plugins.ts';
import { readPluginList } from './directory/plugin-list.ts';
import type { PluginEntry } from './plugin-entry.ts';
import type { PluginsContext } from './plugins-context.ts';

/** Removes all plugins, even if the list of plugins cannot be read. Returns the plugins that the list contained. */
export async function resetPlugins({ dataDir, onWaiting }: PluginsContext): Promise<readonly PluginEntry[]> {
  if (!existsSync(dataDir)) return [];
  return withLockedPlugins(dataDir, onWaiting, async () => {
    const known = entriesIn(dataDir);
    await removePluginFiles(dataDir);
    return known;
  });
}

function entriesIn(dataDir: string): readonly PluginEntry[] {
  try {
    return readPluginList(dataDir).plugins;
  } catch {
    return [];
  }
}
