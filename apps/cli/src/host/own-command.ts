import { CandleCommand, CommandProject, projectFlags } from '@candle/cli-kit';
import {
  CandleError,
  type Command,
  commandsIn,
  type Hint,
  isCandleError,
  renderCommand,
  renderHint,
  safeJson,
  safeText,
} from '@candle/core/errors';
import type { Project } from '@candle/core/projects';
import type { Supervision } from '@candle/supervisor';
import { supervise } from '../base-commands/supervise.ts';
import type { OwnHost } from './own-host.ts';
import { wantsNextLine } from './process-setup.ts';
import { terminalOf, writeOutput } from './write-output.ts';

/** The base of Candle's own commands, which only run in Candle's own host. */
export abstract class OwnCommand extends CandleCommand {
  // Repeats the inherited value: for its manifest, oclif searches base classes only up to the first one without the value.
  static override enableJsonFlag = true;

  protected override get host(): OwnHost {
    return super.host as OwnHost;
  }

  /** With `color`, the colors of the text stay: they are Candle's own, and the rest of it is printable. */
  override log(text = '', { color = false } = {}): void {
    if (!this.jsonEnabled()) writeOutput('stdout', `${safeText(text, { color })}\n`);
  }

  protected override note(text: string): void {
    if (!this.jsonEnabled()) writeOutput('stderr', `${safeText(text)}\n`);
  }

  override logJson(json: unknown): void {
    printJson(json);
  }

  /** For programs: prints the next command to run, as the last line on stderr. */
  protected noteNext(line: string): void {
    if (wantsNextLine(terminals)) this.note(`Next: ${line}`);
  }
}

/**
 * The base of Candle's own commands for one project. Its members are public, because commands share functions instead of
 * further base classes.
 */
export abstract class OwnProjectCommand extends CandleCommand {
  static override enableJsonFlag = true;
  static override baseFlags = projectFlags;

  /** Whether the command reports itself that the configuration cannot be used. */
  readonly reportsConfig: boolean = false;

  #project: CommandProject | undefined;
  /** `--project …` as given. */
  #projectFlag: readonly [string, string] | undefined;
  #next: Command | undefined;
  #needsProjectNote = false;
  #supervision: Supervision | undefined;

  override get host(): OwnHost {
    return super.host as OwnHost;
  }

  /** @throws PROJECT_NOT_FOUND, PROJECT_GONE, PROJECT_TOO_WIDE, PROJECT_NOT_A_DIRECTORY, USAGE */
  async findProject(
    flags: { readonly project?: string | undefined },
    { allowNew = false, requireDirectory = false } = {},
  ): Promise<Project> {
    this.#project ??= new CommandProject(this, this.host);
    const project = await this.#project.find(flags, { allowNew, requireDirectory });
    this.#projectFlag = flags.project === undefined ? undefined : ['--project', flags.project];
    return project;
  }

  /** Undefined with `--all`. @throws USAGE if `--all` is combined with `--project` or names; the errors of `findProject` */
  async findProjectUnlessAll(flags: ChosenServices, options?: { allowNew: boolean }): Promise<Project | undefined> {
    this.#project ??= new CommandProject(this, this.host);
    this.#project.refuseNarrowerThanAll(flags);
    return flags.all ? undefined : this.findProject(flags, options);
  }

  /** The use cases that start, stop and read services, and what they need. */
  async supervise() {
    const parts = await supervise(this.host, (text) => this.note(text));
    this.#supervision = parts.supervision;
    return parts;
  }

  /** With `color`, the colors of the text stay: they are Candle's own, and the rest of it is printable. */
  override log(text = '', { color = false } = {}): void {
    if (!this.jsonEnabled()) writeOutput('stdout', `${safeText(text, { color })}\n`);
  }

  override logJson(json: unknown): void {
    printJson(json);
  }

  override note(text: Hint): void {
    if (!this.jsonEnabled()) writeOutput('stderr', `${safeText(renderHint(text))}\n`);
    this.noteProjectFor(text);
  }

  /** Adds a note about `--project` if the commands of a text that was shown need it. */
  noteProjectFor(text: Hint): void {
    this.#needsProjectNote ||= commandsIn(text).some((command) => this.needsProject(command));
  }

  protected override async catch(error: Error): Promise<void> {
    await super.catch(error);
    const hint = isCandleError(error) ? CandleError.hintOf(error) : undefined;
    if (hint !== undefined) this.noteProjectFor(hint);
  }

  /** The next command to run, with the same `--project`. Printed after the notes about the configuration. */
  noteNext(command: Command): void {
    if (!wantsNextLine(terminals)) return;
    const project = this.needsProject(command) ? (this.#projectFlag ?? []) : [];
    this.#next = command.map((argv) => [...argv, ...project]);
  }

  protected override async finally(error: (Error & { code?: unknown }) | undefined): Promise<void> {
    const warning = this.reportsConfig ? undefined : await this.#project?.findWarning(error);
    if (warning !== undefined) this.note(warning);
    if (this.#needsProjectNote && this.#projectFlag !== undefined) {
      this.note(`To run these commands in this directory, add: ${renderCommand([this.#projectFlag])}`);
    }
    if (this.#next !== undefined) this.note(`Next: ${renderCommand(this.#next)}`);
    if (this.#supervision === undefined) return;
    // Starts the supervisor again if it was killed together with its watchdog.
    const { reviveSupervisor } = await this.host.useCases();
    await reviveSupervisor(this.#supervision).catch(() => undefined);
  }

  /** Whether a command works on the project of the current directory. */
  private needsProject(command: Command): boolean {
    return command.some(([program, id = '', ...args]) => {
      if (program !== 'candle' || args.includes('--project') || args.includes('--all')) return false;
      return this.config.findCommand(id)?.flags.project !== undefined;
    });
  }
}

const terminals = {
  get stdout() {
    return terminalOf('stdout');
  },
  get stderr() {
    return terminalOf('stderr');
  },
};

function printJson(json: unknown): void {
  writeOutput('stdout', `${safeJson(json, 2)}\n`);
}

/** The flags and arguments of a command that works on services of one project or of all. */
export interface ChosenServices {
  readonly all: boolean;
  readonly project?: string | undefined;
  readonly names?: readonly string[] | undefined;
}
