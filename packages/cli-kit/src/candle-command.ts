import type { Project } from '@candle/core';
import { Command, Flags } from '@oclif/core';
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

  protected override async init(): Promise<void> {
    await super.init();
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

  protected override async catch(error: Error): Promise<void> {
    process.exitCode = this.host.presentError(toUsageError(error, this.id), { json: this.jsonEnabled() });
  }
}

/** Behind `--` there are no flags. */
function wordsBeforeDashes(argv: readonly string[]): readonly string[] {
  return argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
}

/** The base of the commands that are about one project. */
export abstract class ProjectCommand extends CandleCommand {
  static override baseFlags = {
    project: Flags.string({ helpValue: 'DIR', summary: 'Directory of the project; it may be gone.' }),
  };

  #project: Project | undefined;

  /** Which project; `allowNew` lets a directory that nothing speaks of yet become one. */
  protected async findProject(flags: { project?: string | undefined }, options: { allowNew: boolean }) {
    if (flags.project === '') throw new UsageError('The directory given with --project is empty', this.id);
    this.#project = await this.host.findProject({ dir: flags.project, ...options });
    return this.#project;
  }

  /** A broken configuration stops only what needs it; everything else says that it is broken, after what it has to say. */
  protected override async finally(error: (Error & { code?: unknown }) | undefined): Promise<void> {
    if (this.#project?.foundBy !== 'config' || this.jsonEnabled()) return;
    const problem = await this.host.findConfigProblem(this.#project.dir);
    if (problem && problem.code !== error?.code) this.note(`Warning: ${problem.message}`);
  }

  /** Undefined with `--all`, which is every project of this state directory and so goes with nothing that is narrower. */
  protected async findProjectUnlessAll(
    flags: { all: boolean; project?: string | undefined; names?: readonly string[] },
    options: { allowNew: boolean },
  ) {
    if (!flags.all) return this.findProject(flags, options);
    const narrower = flags.project !== undefined ? '--project' : flags.names?.length ? 'names' : undefined;
    if (narrower) throw new UsageError(`All projects are asked for, so ${narrower} cannot be given`, this.id);
    return undefined;
  }
}
