import { KillCommand } from '../base-commands/kill-command.ts';
import { allProjectsFlags } from '../base-commands/project-flags.ts';

export default class KillAll extends KillCommand {
  static override baseFlags = allProjectsFlags;
  static override aliases = ['stop-all'];
  static override summary = 'Stop the services of all projects.';
  static override examples = ['<%= config.bin %> <%= command.id %>'];

  async run() {
    const { flags } = await this.parse(KillAll);
    return this.kill({ ...flags, all: true, names: [] });
  }
}
