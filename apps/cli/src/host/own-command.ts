import { CandleCommand, ProjectCommand } from '@candle/cli-kit';
import {
  CandleError,
  type Command,
  commandsIn,
  type Hint,
  isCandleError,
  type Project,
  renderCommand,
  renderHint,
} from '@candle/core';
import { wantsNextLine } from './agent-mode.ts';
import type { OwnHost } from './own-host.ts';

/** The base of Candle's own commands, which only run in Candle's own host. */
export abstract class OwnCommand extends CandleCommand {
  // Repeats the inherited value: for its manifest, oclif searches base classes only up to the first one without the value.
  static override enableJsonFlag = true;

  protected override get host(): OwnHost {
    return super.host as OwnHost;
  }

  /** For programs: prints the next command to run, as the last line on stderr. */
  protected noteNext(line: string): void {
    if (wantsNextLine(process)) this.note(`Next: ${line}`);
  }
}

/** The base of Candle's own commands for one project. */
export abstract class OwnProjectCommand extends ProjectCommand {
  static override enableJsonFlag = true;

  /** `--project …` as given. */
  #projectFlag: readonly [string, string] | undefined;
  #next: Command | undefined;
  #needsProjectNote = false;

  protected override get host(): OwnHost {
    return super.host as OwnHost;
  }

  protected override async findProject(...given: Parameters<ProjectCommand['findProject']>): Promise<Project> {
    const project = await super.findProject(...given);
    const [{ project: dir }] = given;
    this.#projectFlag = dir === undefined ? undefined : ['--project', dir];
    return project;
  }

  protected override note(text: Hint): void {
    super.note(renderHint(text));
    this.#needsProjectNote ||= commandsIn(text).some((command) => this.needsProject(command));
  }

  protected override async catch(error: Error): Promise<void> {
    await super.catch(error);
    const hint = isCandleError(error) ? CandleError.hintOf(error) : undefined;
    if (hint !== undefined) this.#needsProjectNote ||= commandsIn(hint).some((command) => this.needsProject(command));
  }

  /** The next command to run, with the same `--project`. Printed after the notes about the configuration. */
  protected noteNext(command: Command): void {
    if (!wantsNextLine(process)) return;
    const project = this.needsProject(command) ? (this.#projectFlag ?? []) : [];
    this.#next = command.map((argv) => [...argv, ...project]);
  }

  protected override async finally(error: (Error & { code?: unknown }) | undefined): Promise<void> {
    await super.finally(error);
    if (this.#needsProjectNote && this.#projectFlag !== undefined) {
      this.note(`To run these commands in this directory, add: ${renderCommand([this.#projectFlag])}`);
    }
    if (this.#next !== undefined) this.note(`Next: ${renderCommand(this.#next)}`);
  }

  /** Whether a command works on the project of the current directory. */
  private needsProject(command: Command): boolean {
    return command.some(([program, id = '', ...args]) => {
      if (program !== 'candle' || args.includes('--project') || args.includes('--all')) return false;
      return this.config.findCommand(id)?.flags.project !== undefined;
    });
  }
}
