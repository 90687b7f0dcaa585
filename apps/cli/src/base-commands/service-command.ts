import type { Project } from '@candle/core';
import type { Supervision } from '@candle/supervisor';
import { Args } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';
import { supervise } from './supervise.ts';

/** The argument `[names…]` of the commands on services. */
export const serviceNames = (description: string) => ({
  names: Args.string({ multiple: true, ignoreStdin: true, description }),
});

/** Shared by the commands on services. */
export abstract class ServiceCommand extends OwnProjectCommand {
  #supervision: Supervision | undefined;

  protected async supervise() {
    const parts = await supervise(this.host, (text) => this.note(text));
    this.#supervision = parts.supervision;
    return parts;
  }

  /** Starts the supervisor again if it was killed together with its watchdog. */
  protected override async finally(error: (Error & { code?: unknown }) | undefined): Promise<void> {
    await super.finally(error);
    if (this.#supervision === undefined) return;
    const { reviveSupervisor } = await this.host.useCases();
    await reviveSupervisor(this.#supervision).catch(() => undefined);
  }

  /** For commands on several projects; other commands report the error of their project anyway. */
  protected noteConfigErrors(errors: readonly unknown[]): void {
    for (const error of errors) if (error instanceof Error) this.note(`Warning: ${error.message}`);
  }

  protected findServiceProject(flags: { project?: string | undefined }): Promise<Project> {
    return this.findProject(flags, { allowNew: false });
  }
}
