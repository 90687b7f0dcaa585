import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { showPath } from '@candle/core/errors';
import { changePlugins } from '../directory/change-plugins.ts';
import { EmptyPluginNameError } from '../directory/errors.ts';
import { listPlugins } from '../load/load-plugins.ts';
import type { PluginEntry } from '../plugin-entry.ts';
import type { PluginsContext } from '../plugins-context.ts';
import { readPackage } from '../read-package.ts';
import { NotAPluginError, PluginDirectoryMissingError } from './errors.ts';
import { type ChangedPlugin, changedSince, withEntry } from './install-plugins.ts';
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

/**
 * Returns the name of the plugin in a directory.
 * @throws PluginDirectoryMissingError, NotAPluginError
 */
function readLinkable(root: string): string {
  const read = readPackage(root);
  if (read.kind === 'missing') throw new PluginDirectoryMissingError(root, 'it has no package.json');
  if (read.kind === 'unusable') throw new NotAPluginError(read.name ?? showPath(root), undefined, read.reason);
  return read.pjson.name;
}
