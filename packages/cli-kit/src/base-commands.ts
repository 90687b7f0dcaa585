import { Command } from '@oclif/core/command';
import { string } from '@oclif/core/flags';
import { type CandleHost, hostOf, type Project, type ProjectQuestion } from './host.ts';
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

  /**
   * oclif's own method resolves the names of all commands first.
   * @internal
   */
  protected override warnIfCommandDeprecated(): void {
    if (this.ctor.deprecateAliases || this.ctor.state === 'deprecated') super.warnIfCommandDeprecated();
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
    const { present } = this.host;
    process.exitCode = present.error(toUsageError(error, this.id, present.nearest), { json: this.jsonEnabled() });
  }
}

/** Arguments after `--` are not flags. */
function wordsBeforeDashes(argv: readonly string[]): readonly string[] {
  return argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
}

/**
 * The base flags of commands for one project.
 * @internal
 */
export const projectFlags = {
  project: string({
    helpValue: 'DIR',
    summary: 'Project directory (default: the project of the current directory).',
  }),
};

/** The flags that choose the project of a command. */
interface ProjectChoice {
  readonly project?: string | undefined;
}

/** The projects that a command accepts. */
type FoundProject = Omit<ProjectQuestion, 'dir'> & { readonly allowNew: boolean };

/** The flags and arguments of a command that can also work on all projects. */
interface AnyProjectChoice extends ProjectChoice {
  readonly all: boolean;
  readonly names?: readonly string[] | undefined;
}

/**
 * The project of one command. It does the work of {@link ProjectCommand}, so that Candle's own commands can have another
 * base class.
 * @internal
 */
export class CommandProject {
  readonly #command: CandleCommand;
  readonly #host: CandleHost;
  #project: Project | undefined;

  constructor(command: CandleCommand, host: CandleHost) {
    this.#command = command;
    this.#host = host;
  }

  async find({ project }: ProjectChoice, options: FoundProject): Promise<Project> {
    if (project === '') throw new UsageError('--project must not be empty', this.#command.id);
    this.#project = await this.#host.findProject({ dir: project, ...options });
    return this.#project;
  }

  /** @throws USAGE if `--all` is combined with `--project` or names */
  refuseNarrowerThanAll({ all, project, names }: AnyProjectChoice): void {
    const narrower = project !== undefined ? '--project' : names?.length ? 'A service name' : undefined;
    if (!all || narrower === undefined) return;
    const { argv, id } = this.#command;
    // Some commands always work on all projects, without the flag.
    const wide = argv.includes('--all') || !id ? '--all' : id;
    throw new UsageError(`${narrower} cannot be combined with ${wide}`, id);
  }

  /**
   * A broken configuration fails only the commands that need it. All other commands print this warning at the end. A
   * configuration above the project that another user can change is mentioned only if the project is new, or if the command
   * failed, because it may have needed it.
   * @param error the error with which the command failed
   */
  async findWarning(error: { readonly code?: unknown } | undefined): Promise<string | undefined> {
    if (this.#project === undefined || this.#command.jsonEnabled()) return undefined;
    if (this.#project.foundBy === 'database' && error === undefined) return undefined;
    const problem = await this.#host.findConfigProblem(this.#project.dir);
    if (problem === undefined || problem.code === error?.code) return undefined;
    return [`Warning: ${problem.message}`, ...(problem.hint === undefined ? [] : [problem.hint])].join('\n');
  }
}

/** Base class of commands that work on one project, with the `--project` flag that `findProject` reads. */
export abstract class ProjectCommand extends CandleCommand {
  static override baseFlags = projectFlags;

  #project: CommandProject | undefined;

  /**
   * Finds the project that the command works on. With `allowNew`, an unknown directory can become a new project.
   * @throws PROJECT_NOT_FOUND, PROJECT_GONE, PROJECT_TOO_WIDE, PROJECT_NOT_A_DIRECTORY, USAGE
   */
  protected async findProject(
    flags: { readonly project?: string | undefined },
    options: FoundProject,
  ): Promise<Project> {
    this.#project ??= new CommandProject(this, this.host);
    return this.#project.find(flags, options);
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
    options: FoundProject,
  ): Promise<Project | undefined> {
    this.#project ??= new CommandProject(this, this.host);
    this.#project.refuseNarrowerThanAll(flags);
    return flags.all ? undefined : this.findProject(flags, options);
  }

  /** @internal */
  protected override async finally(error: (Error & { code?: unknown }) | undefined): Promise<void> {
    const warning = await this.#project?.findWarning(error);
    if (warning !== undefined) this.note(warning);
  }
}
