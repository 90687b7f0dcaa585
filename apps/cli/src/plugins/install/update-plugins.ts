import { existsSync } from 'node:fs';
import { type CandleError, isCandleError } from '@candle/core/errors';
import { changePlugins } from '../directory/change-plugins.ts';
import { readPluginList } from '../directory/plugin-list.ts';
import { listPlugins } from '../load/load-plugins.ts';
import { getEntry, type PluginEntry, refuseEmptyNames } from '../plugin-entry.ts';
import type { PluginsContext } from '../plugins-context.ts';
import { PluginTarballMissingError } from './errors.ts';
import { type ChangedPlugin, changedSince, installInto } from './install-plugins.ts';
import type { PluginSource } from './plugin-source.ts';

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

/** Installs the newest version of one plugin from its original source. Does nothing for a linked plugin. */
async function updatePlugin(entry: PluginEntry, context: PluginsContext): Promise<void> {
  const source = sourceOf(entry);
  if (source === undefined) return;
  await changePlugins(context.dataDir, context, async (draft) => {
    const { list } = await installInto(draft, source, context);
    return { list, result: undefined };
  });
}

function sourceOf({ type, name, tag, url }: PluginEntry): PluginSource | undefined {
  if (type === 'link') return undefined;
  if (url === undefined) return { kind: 'registry', name, tag: tag ?? 'latest', isShort: false };
  const path = url.startsWith('file:') ? url.slice('file:'.length) : undefined;
  if (path !== undefined && !existsSync(path)) throw new PluginTarballMissingError(path, false);
  return { kind: 'address', address: url };
}
