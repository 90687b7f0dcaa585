import { Command } from '@oclif/core/command';
import { type CandleHost, hostOf } from './host.ts';
import { toUsageError, UsageError } from './usage-error.ts';

/** Constructor of a command, as oclif's loader calls it. */
type Constructor<T extends Command> = new (argv: string[], config: Command['config']) => T;

/**
 * Base class of every command, with the host, `--json` and error output. A command parses its arguments, does its work
 * through the host, prints human-readable output with `log`, and returns the value that `--json` prints.
 */
export abstract class CandleCommand extends Command {
  /** Commands have `--json`, which prints the value that `run` returns. */
  static override enableJsonFlag = true;

  /**
   * Runs the command with the given config. oclif's own method loads the config again for each command, and once more
   * for a command that has its own copy of oclif.
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

  /** The host that runs the command: projects, reservations, services, presenters. */
  protected get host(): CandleHost {
    return hostOf(this.config, this.ctor.plugin);
  }

  /** Writes a note to stderr. Prints nothing with `--json`. */
  protected note(text: string): void {
    if (!this.jsonEnabled()) process.stderr.write(`${text}\n`);
  }

  /** @internal */
  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }

  /** @internal */
  protected override async init(): Promise<void> {
    // Fail before anything else happens: the getter throws if the host is missing or has another API version.
    void this.host;
    await super.init();
    // By default, oclif waits for an omitted argument on stdin. Commands must not read stdin unless they ask for it.
    for (const arg of Object.values(this.ctor.args)) arg.ignoreStdin ??= true;
    this.refuseValuesOfSwitches();
  }

  /** oclif would parse `--all=no` as `--all` and an argument `no`. */
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

/** Arguments after `--` are not flags. */
function wordsBeforeDashes(argv: readonly string[]): readonly string[] {
  return argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
}
