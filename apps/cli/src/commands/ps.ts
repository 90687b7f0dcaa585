import { Flags } from '@oclif/core';
import { renderServiceTable } from '../present/render-services.ts';
import { ListCommand } from '../services/list-command.ts';
import { serviceNames } from '../services/service-command.ts';

export default class Ps extends ListCommand {
  static override aliases = ['status'];
  static override summary = 'Show services as a narrow table.';
  static override args = serviceNames('Services to show; left out, all of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'Of every project of this state directory.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { args, flags } = await this.parse(Ps);
    return this.list({ ...flags, names: args.names ?? [] }, renderServiceTable);
  }
}
