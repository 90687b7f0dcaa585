import { Command } from '@oclif/core/command';
import { type CandleHost, hostOf } from './host.ts';
import { toUsageError, UsageError } from './usage-error.ts';

/** What oclif's loader calls a command with. */
type Constructor<T extends Command> = new (argv: string[], config: Command['config']) => T;

/**
 * The base of every command: the host, `--json`, and one way for errors to reach the user. A command parses, does its
 * work through the host, writes the result for people with `log`, and returns what `--json` prints.
 */
export abstract class CandleCommand extends Command {
  /** Commands have `--json`, and print what `run` returns with it. */
  static override enableJsonFlag = true;

  /**
   * Runs the command within the config that it is given. oclif's own loads all of that again for each command, and once
   * more for a command that brings an oclif of its own.
   * @internal
   */
  static override async run<T extends Command>(
    this: Constructor<T>,
    argv: string[],
    config?: unknown,
  ): Promise<ReturnType<T['run']>> {
    const command = new this(argv, config as Command['config']);
    return (command as unknown as { _run(): Promise<ReturnType<T['run']>> })._run();
  }

  /** What candle gives to commands: project, ledger, services, presenters. */
  protected get host(): CandleHost {
    return hostOf(this.config, this.ctor.plugin);
  }

  /** Talk that is no data: to stderr, and not at all with `--json`. */
  protected note(text: string): void {
    if (!this.jsonEnabled()) process.stderr.write(`${text}\n`);
  }

  /** @internal */
  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }

  /** @internal */
  protected override async init(): Promise<void> {
    // Refuses before anything is done when it is not the host that this package was made for.
    void this.host;
    await super.init();
    // oclif would read an argument that is left out from stdin, and wait for it: nothing here is read unasked.
    for (const arg of Object.values(this.ctor.args)) arg.ignoreStdin ??= true;
    this.refuseValuesOfSwitches();
  }

  /** oclif would take `--all=no` for `--all` and an argument `no`. */
  private refuseValuesOfSwitches(): void {
    const flags: Record<string, { type: string }> = { ...this.ctor.baseFlags, ...this.ctor.flags };
    for (const word of wordsBeforeDashes(this.argv)) {
      const name = /^--([^=]+)=/.exec(word)?.[1];
      if (name !== undefined && (name === 'json' || flags[name]?.type === 'boolean')) {
        throw new UsageError(`Flag --${name} takes no value`, this.id);
      }
    }
  }

  /** @internal */
  protected override async catch(error: Error): Promise<void> {
    process.exitCode = this.host.present.error(toUsageError(error, this.id), { json: this.jsonEnabled() });
  }
}

/** Behind `--` there are no flags. */
function wordsBeforeDashes(argv: readonly string[]): readonly string[] {
  return argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
}
