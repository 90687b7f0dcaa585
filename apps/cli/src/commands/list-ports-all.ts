import { ListPortsCommand } from '../base-commands/list-ports-command.ts';
import { allProjectsFlags } from '../base-commands/project-flags.ts';

export default class ListPortsAll extends ListPortsCommand {
  static override baseFlags = allProjectsFlags;
  static override summary = 'List the ports that services of all projects are listening on.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    const { flags } = await this.parse(ListPortsAll);
    return this.listPorts({ ...flags, all: true, names: [] });
  }
}
