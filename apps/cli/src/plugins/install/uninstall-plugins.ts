import { changePlugins, type Draft } from '../directory/change-plugins.ts';
import { type PluginsManifest, readPluginList } from '../directory/plugin-list.ts';
import { getEntry, refuseEmptyNames } from '../find-entry.ts';
import { isLinked, type PluginEntry } from '../plugin-entry.ts';
import type { PluginsContext } from '../plugins-context.ts';
import { runNpm } from './run-npm.ts';

/**
 * Takes plugins out of the list, and what only they needed off the disk. Directories of linked ones are left alone.
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
    const gone = [...new Set(names.map((name) => getEntry(plugins, name, context)))];
    const dependencies = await removeFiles(draft, gone, context);
    return { list: { dependencies, plugins: plugins.filter((entry) => !gone.includes(entry)) }, result: gone };
  });
}

/** The dependencies that are left. */
export async function removeFiles(
  { dir, list }: Draft,
  gone: readonly PluginEntry[],
  { npm }: PluginsContext,
): Promise<NonNullable<PluginsManifest['dependencies']>> {
  const installed = gone.filter((entry) => !isLinked(entry)).map(({ name }) => name);
  const [first] = installed;
  if (first === undefined) return list.dependencies ?? {};
  try {
    await runNpm(['uninstall', ...installed], { dir, subject: { name: first } }, npm);
  } catch {
    // Files that nobody loads do no harm; a plugin that cannot be got rid of does.
  }
  const left = Object.entries(readPluginList(dir).dependencies ?? {}).filter(([name]) => !installed.includes(name));
  return Object.fromEntries(left);
}
