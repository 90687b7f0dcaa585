import { existsSync } from 'node:fs';
import { removePluginFiles } from './directory/change-plugins.ts';
import { translateDirectoryError } from './directory/directory-error.ts';
import { lockPlugins } from './directory/lock-plugins.ts';
import { readPluginList } from './directory/plugin-list.ts';
import type { PluginEntry } from './plugin-entry.ts';
import type { PluginsRoom } from './plugins-room.ts';

/** Removes every plugin, also where the list of them cannot be read. Returns those that are known to have been there. */
export async function resetPlugins({ dataDir, onWaiting }: PluginsRoom): Promise<readonly PluginEntry[]> {
  if (!existsSync(dataDir)) return [];
  try {
    const lock = await lockPlugins(dataDir, onWaiting);
    try {
      const known = entriesIn(dataDir);
      await removePluginFiles(dataDir);
      return known;
    } finally {
      lock.release();
    }
  } catch (error) {
    throw translateDirectoryError(error, dataDir);
  }
}

function entriesIn(dataDir: string): readonly PluginEntry[] {
  try {
    return readPluginList(dataDir).plugins;
  } catch {
    return [];
  }
}
