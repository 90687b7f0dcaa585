import { Flags } from '@oclif/core';
import { deletedProjectFlags, serviceNames } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { renderServiceTable } from '../present/services.ts';
import { listServices } from './list.ts';

export default class Ps extends OwnProjectCommand {
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
    return listServices(this, { ...flags, names: args.names }, renderServiceTable);
  }
}
