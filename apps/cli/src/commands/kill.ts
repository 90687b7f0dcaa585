import { UsageError } from '@candle/cli-kit';
import { parsePort } from '@candle/core';
import { Flags } from '@oclif/core';
import { KillCommand } from '../base-commands/kill-command.ts';
import { deletedProjectFlags } from '../base-commands/project-flags.ts';
import { serviceNames } from '../base-commands/service-command.ts';

export default class Kill extends KillCommand {
  static override baseFlags = deletedProjectFlags;
  static override aliases = ['stop'];
  static override summary = 'Stop services and all their child processes; reservations stay.';
  static override description =
    'Services are stopped before the services that they depend on. With --port, stops the service of the project that listens on the port; any other process on the port is reported and left running.';
  static override args = serviceNames('Services to stop. If omitted, all services of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'Stop the services of all projects.' }),
    port: Flags.string({ helpValue: 'N', summary: "Stop this project's service that listens on port N." }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    '<%= config.bin %> <%= command.id %> --port 4000',
    '<%= config.bin %> <%= command.id %> --all',
  ];

  async run() {
    const { args, flags } = await this.parse(Kill);
    const narrower = args.names ? 'A service name' : flags.all ? '--all' : undefined;
    if (flags.port !== undefined && narrower !== undefined) {
      throw new UsageError(`${narrower} cannot be combined with --port`, this.id);
    }
    const port = flags.port === undefined ? undefined : parsePort(flags.port);
    return this.kill({ ...flags, names: args.names ?? [], port });
  }
}
