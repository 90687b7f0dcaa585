import { UsageError } from '@candle/cli-kit';
import { nearestName } from '@candle/core/config';
import { quote } from '@candle/core/errors';
import type { Hook } from '@oclif/core';
import { pluginsOf } from '../plugins/load/choose-plugins.ts';

/** Suggests the nearest known command for an unknown one. `id` contains all words that were typed before the first flag. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  const known = config.commands.filter((command) => !command.hidden).flatMap(({ id, aliases }) => [id, ...aliases]);
  const { command, rest } = splitWords(id.split(':'), known);
  if (known.includes(command) && rest.length > 0) {
    throw new UsageError(`Unexpected argument${rest.length === 1 ? '' : 's'}: ${rest.map(quote).join(', ')}`, command);
  }
  const nearest = (nearestName(id, known) ?? nearestName(command, known))?.replaceAll(':', ' ');
  const suggestion = nearest ? `; did you mean candle ${nearest}?` : '';
  const broken = pluginsOf(config).filter(({ problems }) => problems.length > 0);
  const pluginNote = broken.length > 0 && !nearest ? '; a plugin has a problem, see candle plugins' : '';
  throw new UsageError(`Unknown command ${quote(command.replaceAll(':', ' '))}${suggestion}${pluginNote}`, undefined);
};

/** Separates a command from its arguments. A topic such as `plugins` belongs to the command. */
function splitWords(words: readonly string[], known: readonly string[]) {
  const isTopic = (length: number) => known.some((id) => id.startsWith(`${words.slice(0, length).join(':')}:`));
  const topicLength = words.findIndex((_, length) => length > 0 && !isTopic(length));
  const length = topicLength === -1 ? words.length : topicLength;
  return { command: words.slice(0, length).join(':'), rest: words.slice(length) };
}

export default commandNotFound;
