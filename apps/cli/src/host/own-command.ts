import { CandleCommand, ProjectCommand } from '@candle/cli-kit';
import { isCandleError, type Project, shellWord } from '@candle/core';
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
  #projectFlag: string | undefined;
  #next: string | undefined;
  #needsProjectNote = false;

  protected override get host(): OwnHost {
    return super.host as OwnHost;
  }

  protected override async findProject(...given: Parameters<ProjectCommand['findProject']>): Promise<Project> {
    const project = await super.findProject(...given);
    const [{ project: dir }] = given;
    this.#projectFlag = dir === undefined ? undefined : `--project ${shellWord(dir)}`;
    return project;
  }

  protected override note(text: string): void {
    super.note(text);
    this.#needsProjectNote ||= this.needsProject(text);
  }

  protected override async catch(error: Error): Promise<void> {
    await super.catch(error);
    if (isCandleError(error)) this.#needsProjectNote ||= this.needsProject(error.hint ?? '');
  }

  /** The next command to run, with the same `--project`. Printed after the notes about the configuration. */
  protected noteNext(line: string): void {
    if (!wantsNextLine(process)) return;
    const project = this.#projectFlag !== undefined && this.needsProject(line) ? ` ${this.#projectFlag}` : '';
    this.#next = `Next: ${line}${project}`;
  }

  protected override async finally(error: (Error & { code?: unknown }) | undefined): Promise<void> {
    await super.finally(error);
    if (this.#needsProjectNote && this.#projectFlag !== undefined) {
      this.note(`To run these commands in this directory, add: ${this.#projectFlag}`);
    }
    if (this.#next !== undefined) this.note(this.#next);
  }

  /** Whether a text suggests a command that works on the project of the current directory. */
  private needsProject(text: string): boolean {
    return [...text.matchAll(/\bcandle ([a-z-]+)(.*)/g)].some(([, id = '', rest = '']) => {
      if (/ --(?:project|all|help)\b/.test(rest)) return false;
      return this.config.findCommand(id)?.flags.project !== undefined;
    });
  }
}
