import { ListCommand } from '../base-commands/list-command.ts';
import { allProjectsFlags } from '../base-commands/project-flags.ts';
import { renderServiceList } from '../present/render-services.ts';

export default class ListAll extends ListCommand {
  static override baseFlags = allProjectsFlags;
  static override aliases = ['ls-all'];
  static override summary = 'List the services of all projects.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    const { flags } = await this.parse(ListAll);
    return this.list({ ...flags, all: true, names: [] }, renderServiceList);
  }
}
