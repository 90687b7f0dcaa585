import { UsageError } from '@candle/cli-kit';
import { parsePort } from '@candle/core/ports';
import { type Reservation, releasedPortsDocument, releasePorts } from '@candle/core/reservations';
import { Args, Flags } from '@oclif/core';
import { deletedProjectFlags } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class ReleasePorts extends OwnProjectCommand {
  static override baseFlags = deletedProjectFlags;
  static override summary =
    'Release reserved ports: those of a service, a port by name or number, or all ports of the project.';
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description:
        'Service whose ports to release, or the name of one port, such as web.HMR_PORT. If omitted, all ports of the project.',
    }),
  };
  static override flags = {
    port: Flags.string({ helpValue: 'N', summary: 'Release this port of the project.' }),
  };
  static output = "$ candle release-ports api\nReleased port 4000 for service 'api'";
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    '<%= config.bin %> <%= command.id %> --port 4001',
  ];

  async run() {
    const { args, flags } = await this.parse(ReleasePorts);
    if (args.name !== undefined && flags.port !== undefined) {
      throw new UsageError('A service name cannot be combined with --port', this.id);
    }
    const port = flags.port === undefined ? undefined : parsePort(flags.port);
    const { dir } = await this.findProject(flags, { allowNew: true });
    const selection = { projectDir: dir, serviceName: args.name, port };
    const released = await releasePorts(this.host.candle(), selection);
    this.log(sentence(released, args.name));
    return releasedPortsDocument(released, selection);
  }
}

function sentence(released: readonly Reservation[], serviceName: string | undefined): string {
  if (released.length === 0) return 'No reserved ports to release';
  if (serviceName !== undefined) {
    const ports = released.map(({ port }) => port).join(', ');
    return `Released port${released.length === 1 ? '' : 's'} ${ports} for service '${serviceName}'`;
  }
  return `Released ${released.length} reserved port${released.length === 1 ? '' : 's'}`;
}
