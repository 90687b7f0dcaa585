import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { changePlugins } from '../directory/change-plugins.ts';
import { listPlugins } from '../list-plugins.ts';
import type { PluginEntry } from '../plugin-entry.ts';
import type { PluginsContext } from '../plugins-context.ts';
import { EmptyPluginNameError, NotAPluginError, PluginDirectoryMissingError } from './errors.ts';
import { withEntry } from './install-into.ts';
import { type ChangedPlugin, changedSince } from './install-plugins.ts';
import { readLinkable } from './read-linkable.ts';
import { removeFiles } from './uninstall-plugins.ts';

/**
 * Links a plugin from a local directory. Replaces an installed plugin of the same name.
 * @throws PluginDirectoryMissingError, NotAPluginError
 */
export async function linkPlugin(dir: string, context: PluginsContext): Promise<ChangedPlugin | undefined> {
  if (dir === '') throw new EmptyPluginNameError('directory');
  const path = resolve(context.cwd, dir);
  if (!existsSync(path)) throw new PluginDirectoryMissingError(path, 'it does not exist');
  if (!statSync(path).isDirectory()) throw new PluginDirectoryMissingError(path, 'it is not a directory');
  const root = realpathSync.native(path);
  const name = readLinkable(root);
  if (context.ownNames.includes(name)) throw new NotAPluginError(name, undefined, 'it is part of Candle itself');
  const before = await listPlugins(context);
  const entry: PluginEntry = { name, type: 'link', root };
  await changePlugins(context.dataDir, context, async (draft) => {
    const { plugins } = draft.list;
    const dependencies = await removeFiles(
      draft,
      plugins.filter((old) => old.name === name),
      context,
    );
    return { list: { dependencies, plugins: withEntry(plugins, entry) }, result: undefined };
  });
  return changedSince(before, await listPlugins(context), [name])[0];
}
