import { allProjectsFlags } from '../base-commands/project-flags.ts';
import ListReservedPorts from './list-reserved-ports.ts';

export default class ListReservedPortsAll extends ListReservedPorts {
  static override baseFlags = allProjectsFlags;
  static override summary = 'List the reserved ports of all projects, newest first.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  override async run() {
    const { flags } = await this.parse(ListReservedPortsAll);
    return this.list({ ...flags, all: true });
  }
}
