import type { CandleError } from '@candle/core';
import type { Interfaces } from '@oclif/core';
import type { Plugin } from '@oclif/core/config';
import { isEvent } from '../events.ts';
import { type PluginEntry, rootOf } from '../plugin-entry.ts';
import { readPackage } from '../read-package.ts';
import { PluginFilesMissingError, PluginNotLoadableError, PluginPackageDamagedError } from './errors.ts';
import type { InstalledPlugin } from './installed-plugin.ts';
import { findMisfit } from './plugin-fit.ts';
import { hintFor } from './plugin-hint.ts';
import type { PluginsPaths } from './plugins-paths.ts';
import { readCommands, readManifest } from './read-commands.ts';

/** Loads one plugin. Never throws: errors of the plugin become its `problems`. */
export async function loadPlugin(entry: PluginEntry, paths: PluginsPaths): Promise<InstalledPlugin> {
  const root = rootOf(entry, paths.dataDir);
  const hint = hintFor(entry);
  const found = { entry, name: entry.name, root };
  const unusable = (problem: CandleError, version?: string, commandIds: readonly string[] = []): InstalledPlugin => ({
    ...found,
    version,
    problems: [problem],
    plugin: undefined,
    commandIds,
  });
  const read = readPackage(root);
  if (read.kind === 'missing') return unusable(new PluginFilesMissingError(entry.name, root, hint));
  if (read.kind === 'unusable') return unusable(new PluginPackageDamagedError(entry.name, root, read.reason, hint));
  const { pjson } = read;
  const { version } = pjson;
  if (pjson.name !== entry.name) {
    return unusable(
      new PluginPackageDamagedError(entry.name, root, `its package.json has the name ${pjson.name}`, hint),
    );
  }
  const misfit = findMisfit({ name: entry.name, root, pjson }, paths, hint);
  // Its code is not loaded, but its manifest may list its commands.
  if (misfit !== undefined) return unusable(misfit, version, Object.keys(readManifest(root)?.commands ?? {}));

  const { manifest, commandIds, problems } = await readCommands(root, version, paths.reader);
  const loadProblems = problems.map((problem) => new PluginNotLoadableError(entry.name, problem, hint));
  if (manifest === undefined) return { ...found, version, problems: loadProblems, plugin: undefined, commandIds };
  try {
    const plugin = await createPlugin(root, manifest);
    plugin.type = entry.type;
    plugin.hooks = Object.fromEntries(Object.entries(plugin.hooks).filter(([event]) => isEvent(event)));
    return { ...found, version, problems: loadProblems, plugin, commandIds };
  } catch (error) {
    return unusable(new PluginNotLoadableError(entry.name, String(error), hint), version, commandIds);
  }
}

/** Creates oclif's plugin object without loading the code of the plugin. */
async function createPlugin(root: string, manifest: Interfaces.Manifest): Promise<Plugin> {
  const { Plugin } = await import('@oclif/core/config');
  // With `link`, oclif uses the given directory and does not search for the plugin.
  const plugin = new Plugin({ root, type: 'link' });
  Object.assign(plugin, { _manifest: async () => manifest });
  await plugin.load();
  return plugin;
}
