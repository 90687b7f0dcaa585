import type { Hint } from '@candle/core';
import type { Plugin } from '@oclif/core/config';
import { firstWord } from './core-words.ts';
import { PluginCommandTakenError } from './errors.ts';
import { typedCommand } from './installed-plugin.ts';

export interface NamedPlugin {
  readonly plugin: Plugin;
  readonly hint: Hint;
}

/**
 * Removes from each plugin the commands and aliases that already belong to Candle or to an earlier plugin, and returns them
 * as problems. Plugins come in the order of installation, so an installation never changes the meaning of a command.
 */
export function assignCommands(
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
