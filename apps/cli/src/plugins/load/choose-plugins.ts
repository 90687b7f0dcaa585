import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Interfaces } from '@oclif/core';
import { dataDirectory } from '../data-directory.ts';
import { openPluginsContext, type PluginsContext } from '../plugins-context.ts';
import { firstWord, readCoreWords } from './core-words.ts';
import type { InstalledPlugin } from './installed-plugin.ts';
import { loadOwnPlugins } from './own-plugins.ts';

/** What oclif is to load for one command line. */
export interface ChosenPlugins {
  readonly options: Interfaces.Options;
  /** Whose command it is; undefined when it is one of Candle's own, or nobody's. */
  readonly owner: InstalledPlugin | undefined;
}

const key = Symbol.for('candle.plugins');

/** What is asked for before any command, and answered by Candle alone. */
const versionFlags = ['--version', '-v'];

/**
 * Plugins are loaded only for a line that is not Candle's own, and for help: no plugin can be on the way of a command of
 * Candle, whatever is wrong with it, and having plugins costs those commands nothing.
 * @throws what makes the command unusable, when a plugin has it that is
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

  const own = await loadOwnPlugins(packageRoot);
  const context = openPluginsContext({ ...own, dataDir }, { cwd: '/' });
  const installed = await listFor(context, { isHelp });
  const owner = isHelp
    ? undefined
    : installed.find(({ commandIds }) => commandIds.some((id) => firstWord(id) === word));
  const [problem] = owner?.problems ?? [];
  if (problem && !owner?.plugin?.commands.some(({ id }) => firstWord(id) === word)) throw problem;

  const usable = installed.flatMap(({ plugin }) => plugin ?? []);
  const plugins = new Map([...own.plugins, ...usable].map((plugin) => [plugin.name, plugin] as const));
  return { options: Object.assign({ ...options, plugins }, { [key]: installed }), owner };
}

/** Who asks for help gets it, whatever has become of the list. */
async function listFor(context: PluginsContext, { isHelp }: { isHelp: boolean }): Promise<readonly InstalledPlugin[]> {
  try {
    // Not loaded for Candle's own commands.
    const { listPlugins } = await import('../list-plugins.ts');
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
