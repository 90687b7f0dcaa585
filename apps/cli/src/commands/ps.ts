import { Flags } from '@oclif/core';
import { ListCommand } from '../base-commands/list-command.ts';
import { deletedProjectFlags } from '../base-commands/project-flags.ts';
import { serviceNames } from '../base-commands/service-command.ts';
import { renderServiceTable } from '../present/render-services.ts';

export default class Ps extends ListCommand {
  static override baseFlags = deletedProjectFlags;
  static override aliases = ['status'];
  static override summary = 'Show services as a compact table.';
  static override args = serviceNames('Services to show. If omitted, all services of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'Show the services of all projects.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { args, flags } = await this.parse(Ps);
    return this.list({ ...flags, names: args.names ?? [] }, renderServiceTable);
  }
}
