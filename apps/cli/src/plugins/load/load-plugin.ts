import type { CandleError } from '@candle/core';
import type { Interfaces } from '@oclif/core';
import type { Plugin } from '@oclif/core/config';
import { PluginFilesMissingError, PluginNotLoadableError, PluginPackageDamagedError } from '../errors.ts';
import { isEvent } from '../events.ts';
import { type PluginEntry, rootOf } from '../plugin-entry.ts';
import { readPackage } from '../read-package.ts';
import type { InstalledPlugin } from './installed-plugin.ts';
import { findMisfit } from './plugin-fit.ts';
import { hintFor } from './plugin-hint.ts';
import type { PluginsPaths } from './plugins-paths.ts';
import { readCommands, readManifest } from './read-commands.ts';

/** Loads one plugin, or finds out why it cannot be used. What its modules throw becomes one of its problems. */
export async function loadPlugin(entry: PluginEntry, paths: PluginsPaths): Promise<InstalledPlugin> {
  const root = rootOf(entry, paths.dataDir);
  const hint = hintFor(entry);
  const found = { entry, name: entry.name, root };
  const useless = (problem: CandleError, version?: string, commandIds: readonly string[] = []): InstalledPlugin => ({
    ...found,
    version,
    problems: [problem],
    plugin: undefined,
    commandIds,
  });
  const read = readPackage(root);
  if (read.kind === 'missing') return useless(new PluginFilesMissingError(entry.name, root, hint));
  if (read.kind === 'useless') return useless(new PluginPackageDamagedError(entry.name, root, read.reason, hint));
  const { pjson } = read;
  const { version } = pjson;
  if (pjson.name !== entry.name) {
    return useless(
      new PluginPackageDamagedError(entry.name, root, `its package.json says that it is ${pjson.name}`, hint),
    );
  }
  const misfit = findMisfit({ name: entry.name, root, pjson }, paths, hint);
  // Its code is not even looked at; what its commands are called may stand in its manifest.
  if (misfit !== undefined) return useless(misfit, version, Object.keys(readManifest(root)?.commands ?? {}));

  const { manifest, commandIds, problems } = await readCommands(root, version, paths.reader);
  const told = problems.map((problem) => new PluginNotLoadableError(entry.name, problem, hint));
  if (manifest === undefined) return { ...found, version, problems: told, plugin: undefined, commandIds };
  try {
    const plugin = await createPlugin(root, manifest);
    plugin.type = entry.type;
    plugin.hooks = Object.fromEntries(Object.entries(plugin.hooks).filter(([event]) => isEvent(event)));
    return { ...found, version, problems: told, plugin, commandIds };
  } catch (error) {
    return useless(new PluginNotLoadableError(entry.name, String(error), hint), version, commandIds);
  }
}

/** As oclif knows it, without a look at its code. */
async function createPlugin(root: string, manifest: Interfaces.Manifest): Promise<Plugin> {
  const { Plugin } = await import('@oclif/core/config');
  // `link` means that the directory is known.
  const plugin = new Plugin({ root, type: 'link' });
  Object.assign(plugin, { _manifest: async () => manifest });
  await plugin.load();
  return plugin;
}
