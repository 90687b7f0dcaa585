import { string } from '@oclif/core/flags';
import { CandleCommand } from './candle-command.ts';
import type { Project } from './project.ts';
import { UsageError } from './usage-error.ts';

/** Base class of commands that work on one project, with the `--project` flag that `findProject` reads. */
export abstract class ProjectCommand extends CandleCommand {
  static override baseFlags = {
    project: string({
      helpValue: 'DIR',
      summary: 'Project directory (default: the project of the current directory).',
    }),
  };

  #project: Project | undefined;

  /**
   * Finds the project that the command works on. With `allowNew`, an unknown directory can become a new project.
   * @throws PROJECT_NOT_FOUND, PROJECT_GONE, PROJECT_TOO_WIDE, PROJECT_NOT_A_DIRECTORY, USAGE
   */
  protected async findProject(
    flags: { readonly project?: string | undefined },
    options: { readonly allowNew: boolean },
  ): Promise<Project> {
    if (flags.project === '') throw new UsageError('--project must not be empty', this.id);
    this.#project = await this.host.findProject({ dir: flags.project, ...options });
    return this.#project;
  }

  /**
   * Like `findProject`, for commands with `--all`. With `--all`, returns undefined, which means every project in this
   * state directory. `--all` cannot be combined with `--project` or names.
   * @throws the errors of `findProject`
   */
  protected async findProjectUnlessAll(
    flags: {
      readonly all: boolean;
      readonly project?: string | undefined;
      readonly names?: readonly string[] | undefined;
    },
    options: { readonly allowNew: boolean },
  ): Promise<Project | undefined> {
    if (!flags.all) return this.findProject(flags, options);
    const narrower = flags.project !== undefined ? '--project' : flags.names?.length ? 'A service name' : undefined;
    // Some commands always work on all projects, without the flag.
    const wide = this.argv.includes('--all') || !this.id ? '--all' : this.id;
    if (narrower) throw new UsageError(`${narrower} cannot be combined with ${wide}`, this.id);
    return undefined;
  }

  /**
   * A broken configuration fails only the commands that need it. All other commands print a warning at the end.
   * @internal
   */
  protected override async finally(error: (Error & { code?: unknown }) | undefined): Promise<void> {
    if (this.#project?.foundBy !== 'config' || this.jsonEnabled()) return;
    const problem = await this.host.findConfigProblem(this.#project.dir);
    if (problem && problem.code !== error?.code) this.note(`Warning: ${problem.message}`);
  }
}
