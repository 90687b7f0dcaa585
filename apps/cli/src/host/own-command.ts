import { CandleCommand, ProjectCommand } from '@candle/cli-kit';
import { isCandleError, type Project, shellWord } from '@candle/core';
import { wantsNextLine } from './agent-mode.ts';
import type { OwnHost } from './own-host.ts';

/** The base of Candle's own commands; they run in no other host than their own. */
export abstract class OwnCommand extends CandleCommand {
  // As it is: for its manifest, oclif looks no further up than to the first class that says nothing.
  static override enableJsonFlag = true;

  protected override get host(): OwnHost {
    return super.host as OwnHost;
  }

  /** For a caller that is a program: the one line to run next, as the last one on stderr. */
  protected noteNext(line: string): void {
    if (wantsNextLine(process)) this.note(`Next: ${line}`);
  }
}

/** The base of Candle's own commands that are about one project. */
export abstract class OwnProjectCommand extends ProjectCommand {
  static override enableJsonFlag = true;

  /** `--project …` as it was given. */
  #projectFlag: string | undefined;
  #next: string | undefined;
  #hasAdvised = false;

  protected override get host(): OwnHost {
    return super.host as OwnHost;
  }

  protected override async findProject(...given: Parameters<ProjectCommand['findProject']>): Promise<Project> {
    const project = await super.findProject(...given);
    const [{ project: named }] = given;
    this.#projectFlag = named === undefined ? undefined : `--project ${shellWord(named)}`;
    return project;
  }

  protected override note(text: string): void {
    super.note(text);
    this.#hasAdvised ||= this.needsProject(text);
  }

  protected override async catch(error: Error): Promise<void> {
    await super.catch(error);
    if (isCandleError(error)) this.#hasAdvised ||= this.needsProject(error.hint ?? '');
  }

  /** The same, about the same project; behind what is said of its configuration. */
  protected noteNext(line: string): void {
    if (!wantsNextLine(process)) return;
    const project = this.#projectFlag !== undefined && this.needsProject(line) ? ` ${this.#projectFlag}` : '';
    this.#next = `Next: ${line}${project}`;
  }

  protected override async finally(error: (Error & { code?: unknown }) | undefined): Promise<void> {
    await super.finally(error);
    if (this.#hasAdvised && this.#projectFlag !== undefined) {
      this.note(`In this directory, add to these commands: ${this.#projectFlag}`);
    }
    if (this.#next !== undefined) this.note(this.#next);
  }

  /** Does it advise a command that is about the project of the directory which it is typed in? */
  private needsProject(text: string): boolean {
    return [...text.matchAll(/\bcandle ([a-z-]+)(.*)/g)].some(([, id = '', rest = '']) => {
      if (/ --(?:project|all|help)\b/.test(rest)) return false;
      return this.config.findCommand(id)?.flags.project !== undefined;
    });
  }
}
