import { Flags } from '@oclif/core';
import { deletedProjectFlags } from '../base-commands/project-flags.ts';
import { supervise } from '../base-commands/supervise.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { renderReservedPorts } from '../present/render-reserved-ports.ts';

export default class ListReservedPorts extends OwnProjectCommand {
  static override baseFlags = deletedProjectFlags;
  static override summary = 'List the reserved ports of the project, newest first.';
  static override description =
    'Also shows which other processes listen on the port of a service, which branch is checked out in the project, and whether the project directory still exists.';
  static override flags = {
    all: Flags.boolean({ summary: 'List the ports of all projects.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { flags } = await this.parse(ListReservedPorts);
    return this.list(flags);
  }

  protected async list(flags: { all: boolean; project?: string | undefined }) {
    const projectDir = (await this.findProjectUnlessAll(flags, { allowNew: true }))?.dir;
    const { listReservedPorts, reservedPortsDocument, supervision } = await supervise(this.host, (text) =>
      this.note(text),
    );
    const ports = await listReservedPorts(supervision, { projectDir });
    this.log(renderReservedPorts(ports, { all: flags.all }));
    return reservedPortsDocument(ports);
  }
}
