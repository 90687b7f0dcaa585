import { ListCommand } from '../base-commands/list-command.ts';
import { allProjectsFlags } from '../base-commands/project-flags.ts';
import { renderServiceTable } from '../present/render-services.ts';

export default class PsAll extends ListCommand {
  static override baseFlags = allProjectsFlags;
  static override aliases = ['status-all'];
  static override summary = 'Show the services of all projects as a compact table.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    const { flags } = await this.parse(PsAll);
    return this.list({ ...flags, all: true, names: [] }, renderServiceTable);
  }
}
