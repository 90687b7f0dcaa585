import { Flags } from '@oclif/core';
import { ListCommand } from '../base-commands/list-command.ts';
import { deletedProjectFlags } from '../base-commands/project-flags.ts';
import { serviceNames } from '../base-commands/service-command.ts';
import { renderServiceList } from '../present/render-services.ts';

export default class List extends ListCommand {
  static override baseFlags = deletedProjectFlags;
  static override aliases = ['ls'];
  static override summary = 'List services with their status, readiness, PID, uptime, port, command and directory.';
  static override args = serviceNames('Services to list. If omitted, all services of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'List the services of all projects.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { args, flags } = await this.parse(List);
    return this.list({ ...flags, names: args.names ?? [] }, renderServiceList);
  }
}
