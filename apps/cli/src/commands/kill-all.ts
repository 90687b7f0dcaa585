import { allProjectsFlags } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { killServices } from './kill.ts';

export default class KillAll extends OwnProjectCommand {
  static override baseFlags = allProjectsFlags;
  static override aliases = ['stop-all'];
  static override summary = 'Stop the services of all projects.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    const { flags } = await this.parse(KillAll);
    return killServices(this, { ...flags, all: true });
  }
}
