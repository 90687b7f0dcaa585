import { listReservedPorts, reservedPortsDocument } from '@candle/core';
import { Flags } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';
import { renderReservedPorts } from '../present/render-reserved-ports.ts';

export default class ListReservedPorts extends OwnProjectCommand {
  static override summary = 'List the reserved ports of the project, newest first.';
  static override flags = {
    all: Flags.boolean({ summary: 'Of every project of this state directory.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { flags } = await this.parse(ListReservedPorts);
    return this.list(flags);
  }

  protected async list(flags: { all: boolean; project?: string | undefined }) {
    const projectDir = (await this.findProjectUnlessAll(flags, { allowNew: true }))?.dir;
    const reservations = await listReservedPorts(this.host.candle(), { projectDir });
    this.log(renderReservedPorts(reservations, { all: flags.all }));
    return reservedPortsDocument(reservations);
  }
}
