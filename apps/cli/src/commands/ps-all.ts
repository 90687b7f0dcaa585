import { allProjectsFlags } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { renderServiceTable } from '../present/services.ts';
import { listServices } from './list.ts';

export default class PsAll extends OwnProjectCommand {
  static override baseFlags = allProjectsFlags;
  static override aliases = ['status-all'];
  static override summary = 'Show the services of all projects as a compact table.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    const { flags } = await this.parse(PsAll);
    return listServices(this, { ...flags, all: true }, renderServiceTable);
  }
}
