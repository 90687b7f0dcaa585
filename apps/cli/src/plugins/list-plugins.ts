import { readPluginList } from './directory/plugin-list.ts';
import type { InstalledPlugin } from './load/installed-plugin.ts';
import { loadPlugins } from './load/load-plugins.ts';
import type { PluginsPlace } from './load/plugins-place.ts';

/**
 * The plugins that are installed or linked, in the order in which they came.
 * @throws PluginListDamagedError
 */
export async function listPlugins(place: PluginsPlace): Promise<readonly InstalledPlugin[]> {
  return loadPlugins(readPluginList(place.dataDir).plugins, place);
}
