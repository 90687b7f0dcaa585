import { Flags } from '@oclif/core';
import { KillCommand } from '../services/kill-command.ts';
import { serviceNames } from '../services/service-command.ts';

export default class Kill extends KillCommand {
  static override aliases = ['stop'];
  static override summary = 'Stop services, their whole process trees, and free their ports.';
  static override description = 'Of several, each is stopped after those of them that depend on it.';
  static override args = serviceNames('Services to stop; left out, all of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'Of every project of this state directory.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> api', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { args, flags } = await this.parse(Kill);
    return this.kill({ ...flags, names: args.names ?? [] });
  }
}
