import { Flags } from '@oclif/core';
import { deletedProjectFlags } from '../base-commands/flags.ts';
import { supervise } from '../base-commands/supervise.ts';
import { type ChosenServices, OwnProjectCommand } from '../host/own-command.ts';
import { renderReservedPorts } from '../present/port-lists.ts';

export default class ListReservedPorts extends OwnProjectCommand {
  static override baseFlags = deletedProjectFlags;
  static override summary = 'List the reserved ports of the project, newest first.';
  static override description =
    'Also shows which other processes listen on the port of a service, which branch is checked out in the project, and whether the project directory still exists.';
  static override flags = {
    all: Flags.boolean({ summary: 'List the ports of all projects.' }),
  };
  static output = `$ candle list-reserved-ports
Reserved ports:

  Port 4000 (service: api)
    Project: /home/ada/shop
    Reserved at: 1/23/2026, 10:30:00 AM`;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { flags } = await this.parse(ListReservedPorts);
    return listReservedPortsOf(this, flags);
  }
}

/** `list-reserved-ports`, and the same for all projects. */
export async function listReservedPortsOf(command: OwnProjectCommand, chosen: ChosenServices) {
  const projectDir = (await command.findProjectUnlessAll(chosen, { allowNew: true }))?.dir;
  const { listReservedPorts, reservedPortsDocument, supervision } = await supervise(command.host, (text) =>
    command.note(text),
  );
  const ports = await listReservedPorts(supervision, { projectDir });
  command.log(renderReservedPorts(ports, { all: chosen.all }));
  return reservedPortsDocument(ports);
}
