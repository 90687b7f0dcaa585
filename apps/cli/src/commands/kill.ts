import { UsageError } from '@candle/cli-kit';
import { parsePort } from '@candle/core';
import { Flags } from '@oclif/core';
import { KillCommand } from '../services/kill-command.ts';
import { serviceNames } from '../services/service-command.ts';

export default class Kill extends KillCommand {
  static override aliases = ['stop'];
  static override summary = 'Stop services, their whole process trees, and free their ports.';
  static override description =
    'Of several, each is stopped after those of them that depend on it. With --port, the service of the project is stopped that listens there; whoever else does is named and left alone.';
  static override args = serviceNames('Services to stop; left out, all of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'Of every project of this state directory.' }),
    port: Flags.string({ helpValue: 'N', summary: 'Stop the service of the project that listens on this port.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    '<%= config.bin %> <%= command.id %> --port 4000',
    '<%= config.bin %> <%= command.id %> --all',
  ];

  async run() {
    const { args, flags } = await this.parse(Kill);
    const narrower = args.names ? 'A service' : flags.all ? '--all' : undefined;
    if (flags.port !== undefined && narrower !== undefined) {
      throw new UsageError(`${narrower} and --port were both given; give one of them`, this.id);
    }
    const port = flags.port === undefined ? undefined : parsePort(flags.port);
    return this.kill({ ...flags, names: args.names ?? [], port });
  }
}
