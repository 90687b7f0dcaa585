import { type CandleError, isCandleError } from '@candle/core';
import { readPluginList } from '../directory/plugin-list.ts';
import { getEntry, refuseEmptyNames } from '../find-entry.ts';
import { listPlugins } from '../list-plugins.ts';
import type { PluginsContext } from '../plugins-context.ts';
import { type ChangedPlugin, changedSince } from './install-plugins.ts';
import { updatePlugin } from './update-plugin.ts';

export interface UpdatedPlugins {
  readonly updated: readonly ChangedPlugin[];
  readonly failures: readonly CandleError[];
}

/**
 * Updates the given plugins, or all, separately: a failed update does not prevent the others.
 * @throws PluginNotInstalledError
 */
export async function updatePlugins(names: readonly string[], context: PluginsContext): Promise<UpdatedPlugins> {
  refuseEmptyNames(names);
  const { plugins } = readPluginList(context.dataDir);
  const chosen = names.length === 0 ? plugins : names.map((name) => getEntry(plugins, name, context));
  const before = await listPlugins(context);
  const failures: CandleError[] = [];
  const done: string[] = [];
  for (const entry of new Set(chosen)) {
    try {
      await updatePlugin(entry, context);
      done.push(entry.name);
    } catch (error) {
      if (!isCandleError(error)) throw error;
      failures.push(error);
    }
  }
  return { updated: changedSince(before, await listPlugins(context), done), failures };
}
