import { Args, Flags, PluginError, ProjectCommand } from '@candle/cli-kit';

/** `candle example-command`: the name of this file is the name of the command. */
export default class ExampleCommand extends ProjectCommand {
  static override summary = 'List the reserved ports of the project.';
  static override args = {
    name: Args.string({ description: 'Service whose port to show. If omitted, all services of the project.' }),
  };
  static override flags = {
    urls: Flags.boolean({ summary: 'Print URLs.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> --urls'];

  async run() {
    const { args, flags } = await this.parse(ExampleCommand);
    // Uses the directory given with --project or, by default, the project of the current directory.
    const { dir } = await this.findProject(flags, { allowNew: false });

    // Functions of the host return the object that the command of the same name prints with --json.
    const { ports } = await this.host.reservations.listReservedPorts({ projectDir: dir });
    const selected = ports.filter(({ serviceName }) => args.name === undefined || serviceName === args.name);
    if (selected.length === 0) {
      throw new PluginError({
        code: 'EXAMPLE_COMMAND_NOTHING_RESERVED',
        message: `No port is reserved ${args.name === undefined ? `by ${dir}` : `for service '${args.name}'`}`,
        hint: `To reserve a port: candle reserve-port ${args.name ?? 'NAME'}`,
      });
    }

    // Use `log` and `note` for human-readable output; they print nothing with --json. --json prints the returned value.
    const rows = selected.map(({ serviceName, port }) => [
      serviceName ?? '-',
      flags.urls ? `http://localhost:${port}/` : String(port),
    ]);
    this.log(this.host.present.table([['NAME', flags.urls ? 'URL' : 'PORT'], ...rows]));
    return { ports: selected };
  }
}
