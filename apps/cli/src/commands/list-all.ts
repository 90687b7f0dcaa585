import { allProjectsFlags } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { renderServiceList } from '../present/services.ts';
import { listServices } from './list.ts';

export default class ListAll extends OwnProjectCommand {
  static override baseFlags = allProjectsFlags;
  static override aliases = ['ls-all'];
  static override summary = 'List the services of all projects.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    const { flags } = await this.parse(ListAll);
    return listServices(this, { ...flags, all: true }, renderServiceList);
  }
}
