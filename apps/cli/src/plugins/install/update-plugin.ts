import { existsSync } from 'node:fs';
import { changePlugins } from '../directory/change-plugins.ts';
import type { PluginEntry } from '../plugin-entry.ts';
import type { PluginsContext } from '../plugins-context.ts';
import { PluginTarballMissingError } from './errors.ts';
import { installInto } from './install-into.ts';
import type { PluginSource } from './plugin-source.ts';

/** Installs the newest version of one plugin from its original source. Does nothing for a linked plugin. */
export async function updatePlugin(entry: PluginEntry, context: PluginsContext): Promise<void> {
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
