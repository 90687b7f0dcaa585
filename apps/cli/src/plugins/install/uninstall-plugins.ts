import { existsSync } from 'node:fs';
import { changePlugins, type Draft, removePluginFiles } from '../directory/change-plugins.ts';
import { withLockedPlugins } from '../directory/lock-plugins.ts';
import { listInstalled, type PluginsManifest, readPluginList } from '../directory/plugin-list.ts';
import { getEntry, isLinked, type PluginEntry, refuseEmptyNames } from '../plugin-entry.ts';
import type { PluginsContext } from '../plugins-context.ts';
import { runNpm } from './run-npm.ts';

/**
 * Removes plugins from the list, and deletes their files and unused dependencies. Keeps the directories of linked plugins.
 * @throws PluginNotInstalledError
 */
export async function uninstallPlugins(
  names: readonly string[],
  context: PluginsContext,
): Promise<readonly PluginEntry[]> {
  refuseEmptyNames(names);
  const known = readPluginList(context.dataDir).plugins;
  for (const name of names) getEntry(known, name, context);
  return changePlugins(context.dataDir, context, async (draft) => {
    const { plugins } = draft.list;
    const removed = [...new Set(names.map((name) => getEntry(plugins, name, context)))];
    const dependencies = await removeFiles(draft, removed, context);
    return { list: { dependencies, plugins: plugins.filter((entry) => !removed.includes(entry)) }, result: removed };
  });
}

/** Removes the files of plugins. Returns the remaining dependencies. */
export async function removeFiles(
  { dir, list }: Draft,
  removed: readonly PluginEntry[],
  { npm }: PluginsContext,
): Promise<NonNullable<PluginsManifest['dependencies']>> {
  const installed = removed.filter((entry) => !isLinked(entry)).map(({ name }) => name);
  const [first] = installed;
  if (first === undefined) return list.dependencies ?? {};
  try {
    await runNpm(['uninstall', ...installed], { dir, subject: { name: first } }, npm);
  } catch {
    // Unused files do no harm, but it must always be possible to remove a plugin.
  }
  const left = Object.entries(readPluginList(dir).dependencies ?? {}).filter(([name]) => !installed.includes(name));
  return Object.fromEntries(left);
}

/** Removes all plugins, even if the list of plugins cannot be read. Returns the plugins that the list contained. */
export async function resetPlugins({ dataDir, onWaiting }: PluginsContext): Promise<readonly PluginEntry[]> {
  if (!existsSync(dataDir)) return [];
  return withLockedPlugins(dataDir, onWaiting, async () => {
    const known = listInstalled(dataDir);
    await removePluginFiles(dataDir);
    return known;
  });
}
