import { Flags } from '@oclif/core';
import { ListPortsCommand } from '../services/list-ports-command.ts';
import { serviceNames } from '../services/service-command.ts';

export default class ListPorts extends ListPortsCommand {
  static override summary = 'List the ports that services really listen on now.';
  static override description =
    'What is reserved is another matter: candle list-reserved-ports. A service that listens on nothing is not listed.';
  static override args = serviceNames('Services whose ports are listed; left out, all of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'Of every project of this state directory.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { args, flags } = await this.parse(ListPorts);
    return this.listPorts({ ...flags, names: args.names ?? [] });
  }
}
