import { Command, Flags, type Interfaces } from '@oclif/core';
import { type CandleHost, hostOf } from './host.ts';
import { toUsageError, UsageError } from './usage-error.ts';

/**
 * The base of every command: the host, `--json`, and one way for errors to reach the user. A command parses, calls one
 * use case, writes the result for people with `log`, and returns what `--json` prints.
 */
export abstract class CandleCommand extends Command {
  static override enableJsonFlag = true;

  protected get host(): CandleHost {
    return hostOf(this.config);
  }

  /** Talk that is no data: to stderr, and not at all with `--json`. */
  protected note(text: string): void {
    if (!this.jsonEnabled()) process.stderr.write(`${text}\n`);
  }

  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }

  protected override parse<
    F extends Interfaces.OutputFlags,
    B extends Interfaces.OutputFlags,
    A extends Interfaces.OutputArgs,
  >(options?: Interfaces.Input<F, B, A>, argv: string[] = this.argv): Promise<Interfaces.ParserOutput<F, B, A>> {
    this.refuseValuesOfSwitches(argv);
    return super.parse(options, argv);
  }

  /** oclif would take `--all=no` for `--all` and an argument `no`. */
  private refuseValuesOfSwitches(argv: readonly string[]): void {
    const flags: Record<string, { type: string }> = { ...this.ctor.baseFlags, ...this.ctor.flags };
    for (const word of argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length)) {
      const name = /^--([^=]+)=/.exec(word)?.[1];
      if (name !== undefined && (name === 'json' || flags[name]?.type === 'boolean')) {
        throw new UsageError(`Flag --${name} takes no value`, this.id);
      }
    }
  }

  protected override async catch(error: Error): Promise<void> {
    process.exitCode = this.host.presentError(toUsageError(error, this.id), { json: this.jsonEnabled() });
  }
}

/** The base of the commands that are about one project. */
export abstract class ProjectCommand extends CandleCommand {
  static override baseFlags = {
    project: Flags.string({ helpValue: 'DIR', summary: 'Directory of the project; it may be gone.' }),
  };

  /** Which project; `allowNew` lets a directory that nothing speaks of yet become one. */
  protected findProject(flags: { project?: string | undefined }, options: { allowNew: boolean }) {
    if (flags.project === '') throw new UsageError('The directory given with --project is empty', this.id);
    return this.host.findProject({ dir: flags.project, ...options });
  }
}
