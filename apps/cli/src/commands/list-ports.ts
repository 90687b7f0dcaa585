import { Flags } from '@oclif/core';
import { ListPortsCommand } from '../base-commands/list-ports-command.ts';
import { serviceNames } from '../base-commands/service-command.ts';

export default class ListPorts extends ListPortsCommand {
  static override summary = 'List the ports that services are listening on.';
  static override description =
    'Services that do not listen on a port are not listed. To list reserved ports, run: candle list-reserved-ports.';
  static override args = serviceNames('Services whose ports to list. If omitted, all services of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'List the ports of all projects.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { args, flags } = await this.parse(ListPorts);
    return this.listPorts({ ...flags, names: args.names ?? [] });
  }
}
