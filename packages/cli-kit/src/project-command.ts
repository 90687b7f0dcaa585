import { string } from '@oclif/core/flags';
import { CandleCommand } from './candle-command.ts';
import type { Project } from './project.ts';
import { UsageError } from './usage-error.ts';

/** The base of the commands that are about one project, which `--project` may name; what `findProject` takes. */
export abstract class ProjectCommand extends CandleCommand {
  static override baseFlags = {
    project: string({ helpValue: 'DIR', summary: 'Directory of the project; it may be gone.' }),
  };

  #project: Project | undefined;

  /**
   * Which project the command is about. `allowNew` lets a directory that nothing speaks of yet become one.
   * @throws PROJECT_NOT_FOUND, PROJECT_GONE, PROJECT_TOO_WIDE, PROJECT_NOT_A_DIRECTORY, USAGE
   */
  protected async findProject(
    flags: { readonly project?: string | undefined },
    options: { readonly allowNew: boolean },
  ): Promise<Project> {
    if (flags.project === '') throw new UsageError('The directory given with --project is empty', this.id);
    this.#project = await this.host.findProject({ dir: flags.project, ...options });
    return this.#project;
  }

  /**
   * The same for a command with `--all`: then undefined, which is every project of this state directory, and so goes with
   * nothing that is narrower.
   * @throws as `findProject`
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
    const narrower = flags.project !== undefined ? '--project' : flags.names?.length ? 'names' : undefined;
    if (narrower) throw new UsageError(`All projects are asked for, so ${narrower} cannot be given`, this.id);
    return undefined;
  }

  /**
   * A broken configuration stops only what needs it; everything else says that it is broken, after what it has to say.
   * @internal
   */
  protected override async finally(error: (Error & { code?: unknown }) | undefined): Promise<void> {
    if (this.#project?.foundBy !== 'config' || this.jsonEnabled()) return;
    const problem = await this.host.findConfigProblem(this.#project.dir);
    if (problem && problem.code !== error?.code) this.note(`Warning: ${problem.message}`);
  }
}
