import { CandleCommand, UsageError } from '@candle/cli-kit';
import { nearestName } from '@candle/core/config';
import { quote } from '@candle/core/errors';
import { Args, Command, type Interfaces } from '@oclif/core';
import { CommandHelp, getHelpFlagAdditions, Help, standardizeIDFromArgv } from '@oclif/core/help';
import { findPage, findPageAbout } from '../docs/pages.ts';
import { helpStyle, readHelpIndex, renderHelp, renderTopic } from '../help/help-text.ts';
import { meantCommand } from '../hooks/command-not-found.ts';

export default class HelpCommand extends Command {
  // Does not load the config again.
  static override run = CandleCommand.run;
  static override summary = 'Show the commands by task, or the help of a command or topic.';
  static override strict = false;
  static override args = {
    name: Args.string({ ignoreStdin: true, description: 'Command or topic. If omitted, lists all of them.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> reserve-port',
    '<%= config.bin %> <%= command.id %> ports',
  ];

  async run(): Promise<void> {
    const { argv } = await this.parse(HelpCommand);
    const [id = '', ...rest] = standardizeIDFromArgv(argv.map(String), this.config);
    const unexpected = rest.filter((word) => !word.startsWith('-'));
    if (this.config.findCommand(id) !== undefined && unexpected.length > 0) {
      const label = unexpected.length === 1 ? 'argument' : 'arguments';
      throw new UsageError(`Unexpected ${label}: ${unexpected.map(quote).join(', ')}`, HelpCommand.id);
    }
    await new CandleHelp(this.config).showHelp(argv.map(String));
  }
}

/** The help that oclif shows: Candle's own list of commands, and topics. */
export class CandleHelp extends Help {
  protected override CommandHelpClass = CommandHelpWithOutcome;
  readonly #style = helpStyle(process.stdout);

  constructor(config: Interfaces.Config, options: Partial<Interfaces.HelpOptions> = {}) {
    super(config, { ...options, maxWidth: helpStyle(process.stdout).width });
  }

  override async showHelp(argv: string[]): Promise<void> {
    const helpFlags = getHelpFlagAdditions(this.config);
    const words = argv.filter((word) => !helpFlags.includes(word));
    const [subject] = standardizeIDFromArgv(words, this.config);
    if (subject === undefined || subject.startsWith('-') || this.config.findCommand(subject) !== undefined)
      return super.showHelp(argv);
    const page = findPage(this.config.root, subject);
    if (subject === '') throw new UsageError('The name of a command or topic must not be empty', HelpCommand.id);
    if (page === undefined) throw this.#unknown(subject);
    this.log(renderTopic(page, readHelpIndex(this.config.root), this.#style));
  }

  override async showCommandHelp(command: Command.Loadable): Promise<void> {
    await super.showCommandHelp(command);
    if (findPage(this.config.root, command.id) !== undefined) this.log(`More: candle get-doc ${command.id}\n`);
  }

  protected override async showRootHelp(): Promise<void> {
    const isAlias = ({ id, aliases, hiddenAliases }: Command.Loadable) => [...aliases, ...hiddenAliases].includes(id);
    const plugins = this.sortedCommands.filter((command) => command.pluginType !== 'core' && !isAlias(command));
    const rows = plugins.map((command) => [command.id.replaceAll(':', ' '), this.summary(command) ?? ''] as const);
    this.log(renderHelp(readHelpIndex(this.config.root), rows, this.#style));
  }

  #unknown(subject: string): UsageError {
    const commands = this.config.commands.filter(({ hidden }) => !hidden);
    const names = commands.flatMap(({ id, aliases }) => [id, ...aliases]);
    const topics = readHelpIndex(this.config.root).pages.map(([name]) => name);
    // Without flags.
    const command = meantCommand(subject, commands)
      ?.split(/(?:^| )-/, 1)
      .find((words) => words !== '');
    const meant =
      findPageAbout(subject.toLowerCase(), topics) ?? nearestName(subject, [...names, ...topics]) ?? command;
    const rest =
      meant === undefined
        ? `; the topics are ${topics.join(', ')}`
        : `; did you mean candle help ${meant.replaceAll(':', ' ')}?`;
    return new UsageError(`Unknown command or topic ${quote(subject.replaceAll(':', ' '))}${rest}`, undefined);
  }
}

/** What a command's class may say about its outcome. */
interface Outcome {
  /** Exit codes that this command uses in a special way. */
  readonly exitCodes?: Readonly<Record<string, string>>;
  /** A command line, and what it prints. */
  readonly output?: string;
}

const usualExitCodes = { 0: 'Success.', 1: 'Error.', 130: 'Interrupted.' };

/** Stands for a space at which no line may break. */
const fixedSpace = '\u00a0';

class CommandHelpWithOutcome extends CommandHelp {
  constructor(command: Command.Loadable, config: Interfaces.Config, options: Interfaces.HelpOptions) {
    // oclif shows a flag and the one that it needs as a single flag.
    const flags = Object.entries(command.flags).map(([name, { dependsOn, ...flag }]) => [name, flag]);
    super({ ...command, flags: Object.fromEntries(flags) }, config, options);
  }

  protected override defaultUsage(): string {
    return super.defaultUsage().replaceAll(/\[[^[\]]*\]/g, (flag) => flag.replaceAll(' ', fixedSpace));
  }

  protected override usage(): string {
    return super.usage().replaceAll(fixedSpace, ' ');
  }

  /** The other names. oclif lists the alias itself for which help was asked, and not the command. */
  protected override aliases(aliases: readonly string[] = []): string | undefined {
    const id = this.command.id.replaceAll(' ', ':');
    const command = this.config.commands.find((one) => one.aliases.includes(id) && !one.aliases.includes(one.id));
    const names = [...(command === undefined ? [] : [command.id]), ...aliases];
    const others = names.map((name) => name.replaceAll(':', ' ')).filter((name) => name !== id.replaceAll(':', ' '));
    return super.aliases(others);
  }

  protected override sections() {
    const { exitCodes, output } = this.command as Outcome;
    const body = Object.entries({ ...usualExitCodes, ...exitCodes });
    const isOwn = this.command.pluginType === 'core';
    return [
      ...super.sections(),
      { header: 'OUTPUT', generate: () => output },
      { header: 'EXIT CODES', generate: (_: unknown, header: string) => (isOwn ? { header, body } : undefined) },
    ];
  }
}
