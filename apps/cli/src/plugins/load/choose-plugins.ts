import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Interfaces } from '@oclif/core';
import { Plugin } from '@oclif/core/config';
import { dataDirectory } from '../../host/process-setup.ts';
import type { InstalledPlugin } from '../installed-plugin.ts';
import { firstWord, openPluginsContext, type PluginsContext, readCoreWords } from '../plugins-context.ts';

/** What oclif loads for one command line. */
export interface ChosenPlugins {
  readonly options: Interfaces.Options;
  /** The plugin that has the command; undefined if Candle itself has it, or if it does not exist. */
  readonly owner: InstalledPlugin | undefined;
}

const key = Symbol.for('candle.plugins');

/** Flags that need no plugins. */
const versionFlags = ['--version', '-v'];

/**
 * Loads plugins only for help and for commands that Candle itself does not have. So a broken plugin cannot affect a command
 * of Candle, and plugins do not slow those commands down.
 * @throws the problem of the plugin, if the command belongs to an unusable plugin
 */
export async function choosePlugins(line: readonly string[], given: Interfaces.Options): Promise<ChosenPlugins> {
  const packageRoot = given.root;
  const word = firstWord(line[0] ?? 'help');
  const isHelp = word === 'help' || word.startsWith('-');
  const options = { ...given, userPlugins: false };
  if (versionFlags.includes(word) || (!isHelp && readCoreWords(packageRoot).has(word)))
    return { options, owner: undefined };

  const dataDir = dataDirectory(process.env);
  if (dataDir === undefined || !existsSync(join(dataDir, 'package.json'))) return { options, owner: undefined };

  const own = new Plugin({ root: packageRoot, isRoot: true });
  await own.load();
  const { name, version, pjson } = own;
  const context = openPluginsContext({ root: packageRoot, name, version, pjson, dataDir }, { cwd: '/' });
  const installed = await listFor(context, { isHelp });
  const owner = isHelp
    ? undefined
    : installed.find(({ commandIds }) => commandIds.some((id) => firstWord(id) === word));
  const [problem] = owner?.problems ?? [];
  if (problem && !owner?.plugin?.commands.some(({ id }) => firstWord(id) === word)) throw problem;

  // Candle itself is a plugin for oclif.
  const usable = installed.flatMap(({ plugin }) => plugin ?? []);
  const plugins = new Map([own, ...usable].map((plugin) => [plugin.name, plugin] as const));
  return { options: Object.assign({ ...options, plugins }, { [key]: installed }), owner };
}

/** Help works even if the list of plugins is damaged. */
async function listFor(context: PluginsContext, { isHelp }: { isHelp: boolean }): Promise<readonly InstalledPlugin[]> {
  try {
    // Imported here so that Candle's own commands do not load it.
    const { listPlugins } = await import('./load-plugins.ts');
    return await listPlugins(context);
  } catch (error) {
    if (isHelp) return [];
    throw error;
  }
}

/** The plugins that were loaded for the command of this config. */
export function pluginsOf(config: object): readonly InstalledPlugin[] {
  const { options } = config as { options?: { [key]?: readonly InstalledPlugin[] } };
  return options?.[key] ?? [];
}
