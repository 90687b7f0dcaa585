import { readPluginList } from './directory/plugin-list.ts';
import type { InstalledPlugin } from './load/installed-plugin.ts';
import { loadPlugins } from './load/load-plugins.ts';
import type { PluginsPaths } from './load/plugins-paths.ts';

/**
 * Installed and linked plugins, in the order in which they were added.
 * @throws PluginListDamagedError
 */
export async function listPlugins(paths: PluginsPaths): Promise<readonly InstalledPlugin[]> {
  return loadPlugins(readPluginList(paths.dataDir).plugins, paths);
}
