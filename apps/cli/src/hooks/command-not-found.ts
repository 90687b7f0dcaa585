import { UsageError } from '@candle/cli-kit';
import { misspelledNames, nearestName } from '@candle/core/config';
import { printable, quote } from '@candle/core/errors';
import { effects, useCaseEffects } from '@candle/core/use-cases';
import type { Hook } from '@oclif/core';
import { pluginsOf } from '../plugins/load/choose-plugins.ts';
import { useCaseCommands } from '../use-case-commands.ts';

/** What other tools call a command, and words for what people want to do. */
const namesElsewhere: Readonly<Record<string, string>> = {
  attach: 'logs -f',
  delete: 'remove-service',
  dev: 'up',
  follow: 'logs -f',
  free: 'release-ports',
  'free-port': 'release-ports',
  grep: 'logs --grep',
  'kill-port': 'kill --port',
  lsof: 'who-has',
  man: 'help',
  output: 'logs',
  port: 'list-ports',
  ports: 'list-ports',
  rm: 'remove-service',
  search: 'logs --grep',
  serve: 'up',
  tail: 'logs -f',
  top: 'ps',
  version: '--version',
};

/** Commands that stop or delete something. */
const destructive: ReadonlySet<string> = new Set([
  ...Object.entries(useCaseCommands).flatMap(([useCase, { commands }]) =>
    effects[useCaseEffects[useCase as keyof typeof useCaseEffects]].isDestructive ? commands : [],
  ),
  'plugins:reset',
  'plugins:uninstall',
]);

/** A command as far as it can be suggested. */
interface SuggestedCommand {
  readonly id: string;
  readonly aliases: readonly string[];
}

/**
 * The command that was probably meant by an unknown one, with words that follow it. One that stops or deletes something is
 * suggested only for a misspelling, or for a whole word of its name.
 */
export function meantCommand(written: string, commands: readonly SuggestedCommand[]): string | undefined {
  const known = commands.flatMap(({ id, aliases }) => [id, ...aliases]);
  const harmless = commands.filter(({ id }) => !destructive.has(id)).flatMap(({ id, aliases }) => [id, ...aliases]);
  const word = written.toLowerCase();
  const elsewhere = Object.hasOwn(namesElsewhere, word) ? namesElsewhere[word] : undefined;
  if (elsewhere !== undefined) return elsewhere;
  const hasWord = (name: string) => name.split(/[-:]/).includes(word);
  const beginning = [...harmless, ...known].find((name) => name.startsWith(`${word}-`));
  const [misspelled] = misspelledNames(word, known);
  const [typed = ''] = word;
  const meant =
    misspelled ??
    beginning ??
    harmless.find(hasWord) ??
    known.find(hasWord) ??
    // The first letter is seldom wrong.
    nearestName(
      word,
      harmless.filter((name) => name.startsWith(typed)),
    );
  return meant?.replaceAll(':', ' ');
}

/** Suggests the nearest known command for an unknown one. `id` contains all words that were typed before the first flag. */
const commandNotFound: Hook.CommandNotFound = async ({ id, config }) => {
  if (id.startsWith('-')) throw new UsageError(`Unknown flag: ${printable(id.split(':', 1).join(''))}`, undefined);
  const commands = config.commands.filter((command) => !command.hidden);
  const known = commands.flatMap(({ id, aliases }) => [id, ...aliases]);
  const { command, rest } = splitWords(id.split(':'), known);
  if (known.includes(command) && rest.length > 0) {
    // oclif joins words with colons, so only the command line shows whether the user has typed them.
    if (process.argv.includes(id)) {
      const words = id.replaceAll(':', ' ');
      throw new UsageError(`Unknown command ${quote(id)}; did you mean candle ${words}?`, undefined);
    }
    throw new UsageError(`Unexpected argument${rest.length === 1 ? '' : 's'}: ${rest.map(quote).join(', ')}`, command);
  }
  const nearest = meantCommand(id, commands) ?? meantCommand(command, commands);
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
