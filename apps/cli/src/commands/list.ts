import { Flags } from '@oclif/core';
import { renderServiceList } from '../present/render-services.ts';
import { ListCommand } from '../services/list-command.ts';
import { serviceNames } from '../services/service-command.ts';

export default class List extends ListCommand {
  static override aliases = ['ls'];
  static override summary = 'List services: status, readiness, pid, uptime, port, command and directory.';
  static override args = serviceNames('Services to list; left out, all of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'Of every project of this state directory.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { args, flags } = await this.parse(List);
    return this.list({ ...flags, names: args.names ?? [] }, renderServiceList);
  }
}
