import type { Project } from '@candle/core';
import type { Supervision } from '@candle/supervisor';
import { Args } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';
import { noteWaiting, supervise } from './supervise.ts';

/** `[names…]`, as every command on services takes it. */
export const serviceNames = (description: string) => ({
  names: Args.string({ multiple: true, ignoreStdin: true, description }),
});

/** What the commands on services share. */
export abstract class ServiceCommand extends OwnProjectCommand {
  #supervision: Supervision | undefined;

  protected async supervise() {
    const parts = await supervise(this.host, (text) => this.note(text));
    this.#supervision = parts.supervision;
    return { ...parts, onWaiting: noteWaiting(parts.describeProcesses, (text) => this.note(text)) };
  }

  /** A supervisor that was killed together with its watchdog comes back with the next command. */
  protected override async finally(error: (Error & { code?: unknown }) | undefined): Promise<void> {
    await super.finally(error);
    if (this.#supervision === undefined) return;
    const { reviveSupervisor } = await this.host.useCases();
    await reviveSupervisor(this.#supervision).catch(() => undefined);
  }

  /** Of several projects; that of the one project of a command is told without this. */
  protected noteConfigErrors(errors: readonly unknown[]): void {
    for (const error of errors) if (error instanceof Error) this.note(`Warning: ${error.message}`);
  }

  protected findServiceProject(flags: { project?: string | undefined }): Promise<Project> {
    return this.findProject(flags, { allowNew: false });
  }
}
