import { Flags } from '@oclif/core';
import { serviceNames } from '../base-commands/flags.ts';
import { type ChosenServices, OwnProjectCommand } from '../host/own-command.ts';
import { stdoutStyle } from '../present/format.ts';
import { renderPortTable } from '../present/port-lists.ts';

export default class ListPorts extends OwnProjectCommand {
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
    return listPortsOf(this, { ...flags, names: args.names });
  }
}

/** `list-ports`, and the same for all projects. */
export async function listPortsOf(command: OwnProjectCommand, chosen: ChosenServices) {
  const { all, names = [] } = chosen;
  const projectDir = (await command.findProjectUnlessAll(chosen))?.dir;
  const { listPorts, portsDocument, supervision } = await command.supervise();
  const ports = await listPorts(supervision, { projectDir, names });
  command.log(renderPortTable(ports, { all, ...stdoutStyle() }));
  return portsDocument(ports);
}
