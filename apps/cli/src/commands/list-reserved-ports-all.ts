import { allProjectsFlags } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import ListReservedPorts, { listReservedPortsOf } from './list-reserved-ports.ts';

export default class ListReservedPortsAll extends OwnProjectCommand {
  static override baseFlags = allProjectsFlags;
  static override summary = 'List the reserved ports of all projects, newest first.';
  static override description = ListReservedPorts.description;
  static override flags = ListReservedPorts.flags;
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    const { flags } = await this.parse(ListReservedPortsAll);
    return listReservedPortsOf(this, { ...flags, all: true });
  }
}
