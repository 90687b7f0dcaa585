import { Args, Flags, PluginError, ProjectCommand } from '@candle/cli-kit';

/** `candle example-command`: the name of this file is the name of the command. */
export default class ExampleCommand extends ProjectCommand {
  static override summary = 'Tell the reserved ports of the project.';
  static override args = {
    name: Args.string({ description: 'Service whose port is wanted; left out, all of the project.' }),
  };
  static override flags = {
    urls: Flags.boolean({ summary: 'Print URLs.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> --urls'];

  async run() {
    const { args, flags } = await this.parse(ExampleCommand);
    // The directory of --project, or the current one, or the nearest above it with a .candle.json.
    const { dir } = await this.findProject(flags, { allowNew: false });

    // The host answers with what the command of the same name prints with --json.
    const { ports } = await this.host.reservations.listReservedPorts({ projectDir: dir });
    const wanted = ports.filter(({ serviceName }) => args.name === undefined || serviceName === args.name);
    if (wanted.length === 0) {
      throw new PluginError({
        code: 'EXAMPLE_COMMAND_NOTHING_RESERVED',
        message: `No port is reserved ${args.name === undefined ? `by ${dir}` : `for service '${args.name}'`}`,
        hint: `candle reserve-port ${args.name ?? 'NAME'}`,
      });
    }

    // What is for people goes to `log` and `note`, which say nothing with --json; what is returned is what --json prints.
    const rows = wanted.map(({ serviceName, port }) => [
      serviceName ?? '-',
      flags.urls ? `http://localhost:${port}/` : String(port),
    ]);
    this.log(this.host.present.table([['NAME', flags.urls ? 'URL' : 'PORT'], ...rows]));
    return { ports: wanted };
  }
}
