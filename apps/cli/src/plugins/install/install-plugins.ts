import { changePlugins } from '../directory/change-plugins.ts';
import { readPluginList } from '../directory/plugin-list.ts';
import { refuseEmptyNames } from '../find-entry.ts';
import { listPlugins } from '../list-plugins.ts';
import type { InstalledPlugin } from '../load/installed-plugin.ts';
import type { PluginsContext } from '../plugins-context.ts';
import { installInto } from './install-into.ts';
import { parsePluginSource } from './plugin-source.ts';

export interface ChangedPlugin extends InstalledPlugin {
  /** The version that was there before; undefined when there was none. */
  readonly formerVersion: string | undefined;
}

/** Installs plugins from a registry, a URL or a tarball: all of them, or none. */
export async function installPlugins(
  names: readonly string[],
  context: PluginsContext,
): Promise<readonly ChangedPlugin[]> {
  refuseEmptyNames(names);
  const sources = names.map((name) => parsePluginSource(name, context));
  readPluginList(context.dataDir);
  const before = await listPlugins(context);
  const installed = await changePlugins(context.dataDir, context, async (draft) => {
    const entries: string[] = [];
    let list = draft.list;
    for (const source of sources) {
      const result = await installInto({ ...draft, list }, source, context);
      list = result.list;
      entries.push(result.entry.name);
    }
    return { list, result: entries };
  });
  return changedSince(before, await listPlugins(context), installed);
}

/** The changed plugins in their new state, with their former versions. */
export function changedSince(
  before: readonly InstalledPlugin[],
  after: readonly InstalledPlugin[],
  names: readonly string[],
): readonly ChangedPlugin[] {
  const isChanged = ({ entry }: InstalledPlugin) => names.includes(entry.name);
  return after.filter(isChanged).map((now) => ({
    ...now,
    formerVersion: before.find(({ entry }) => entry.name === now.entry.name)?.version,
  }));
}
