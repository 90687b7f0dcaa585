import type { CandleError, Hint } from '@candle/core/errors';
import type { CandleEventKind } from '@candle/core/events';
import type { Interfaces } from '@oclif/core';
import type { Plugin } from '@oclif/core/config';
import { readPluginList } from '../directory/plugin-list.ts';
import { type InstalledPlugin, typedCommand } from '../installed-plugin.ts';
import { hintFor, type PluginEntry, rootOf } from '../plugin-entry.ts';
import { firstWord, type PluginsPaths } from '../plugins-context.ts';
import { readPackage } from '../read-package.ts';
import {
  PluginCommandTakenError,
  PluginFilesMissingError,
  PluginNotLoadableError,
  PluginPackageDamagedError,
} from './errors.ts';
import { findMisfit } from './plugin-fit.ts';
import { readCommands, readManifest } from './read-commands.ts';

/**
 * Installed and linked plugins, in the order in which they were added.
 * @throws PluginListDamagedError
 */
export async function listPlugins(paths: PluginsPaths): Promise<readonly InstalledPlugin[]> {
  return loadPlugins(readPluginList(paths.dataDir).plugins, paths);
}

/**
 * Loads the plugins of a list, in its order. Never throws because of a plugin: its problems are returned with it, and the
 * others are not affected.
 */
async function loadPlugins(entries: readonly PluginEntry[], paths: PluginsPaths): Promise<readonly InstalledPlugin[]> {
  if (entries.length === 0) return [];
  const loaded = await Promise.all(entries.map((entry) => loadPlugin(entry, paths)));
  const checked = loaded.map((found) => (paths.ownNames.includes(found.name) ? rejectReservedName(found) : found));
  const usable = checked.flatMap(({ plugin, entry }) => (plugin ? [{ plugin, hint: hintFor(entry) }] : []));
  const losses = assignCommands(usable, paths.coreWords);
  return checked.map((found) => {
    const lost: readonly CandleError[] = (found.plugin && losses.get(found.plugin)) ?? [];
    return { ...found, problems: [...found.problems, ...lost] };
  });
}

/** A plugin with the name of a part of Candle would replace that part. */
function rejectReservedName(found: InstalledPlugin): InstalledPlugin {
  const problem = new PluginNotLoadableError(
    found.name,
    'its name belongs to a part of Candle itself',
    hintFor(found.entry),
  );
  return { ...found, plugin: undefined, problems: [problem] };
}

/** Loads one plugin. Never throws: errors of the plugin become its `problems`. */
async function loadPlugin(entry: PluginEntry, paths: PluginsPaths): Promise<InstalledPlugin> {
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

interface NamedPlugin {
  readonly plugin: Plugin;
  readonly hint: Hint;
}

/**
 * Removes from each plugin the commands and aliases that already belong to Candle or to an earlier plugin, and returns them
 * as problems. Plugins come in the order of installation, so an installation never changes the meaning of a command.
 */
function assignCommands(
  plugins: readonly NamedPlugin[],
  coreWords: ReadonlySet<string>,
): ReadonlyMap<Plugin, readonly PluginCommandTakenError[]> {
  const owners = new Map<string, string>();
  const losses = new Map<Plugin, PluginCommandTakenError[]>();
  for (const { plugin, hint } of plugins) {
    const lost: PluginCommandTakenError[] = [];
    const claim = (id: string): boolean => {
      const word = firstWord(id);
      const key = id.replaceAll(' ', ':');
      const owner = coreWords.has(word) ? 'Candle itself' : owners.get(key);
      if (owner === undefined || owner === plugin.name) {
        owners.set(key, plugin.name);
        return true;
      }
      lost.push(
        new PluginCommandTakenError(
          plugin.name,
          typedCommand(id),
          owner === 'Candle itself' ? owner : `plugin ${owner}`,
          hint,
        ),
      );
      return false;
    };
    plugin.commands = plugin.commands
      .filter(({ id }) => claim(id))
      .map((command) => ({
        ...command,
        aliases: (command.aliases ?? []).filter(claim),
        hiddenAliases: (command.hiddenAliases ?? []).filter(claim),
      }));
    losses.set(plugin, lost);
  }
  return losses;
}

/** The only plugin hooks that run. They run in a separate process, so that no plugin can affect a command of Candle. */
const events: Readonly<Record<CandleEventKind, true>> = {
  'service-started': true,
  'service-stopped': true,
  'port-reserved': true,
  'port-released': true,
};

function isEvent(hook: string): boolean {
  return Object.hasOwn(events, hook);
}
