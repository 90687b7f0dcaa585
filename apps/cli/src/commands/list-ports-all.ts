import { allProjectsFlags } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { listPortsOf } from './list-ports.ts';

export default class ListPortsAll extends OwnProjectCommand {
  static override baseFlags = allProjectsFlags;
  static override summary = 'List the ports that services of all projects are listening on.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    const { flags } = await this.parse(ListPortsAll);
    return listPortsOf(this, { ...flags, all: true });
  }
}
