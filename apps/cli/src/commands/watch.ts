import { LogCommand } from '../base-commands/log-command.ts';
import { serviceNames } from '../base-commands/service-command.ts';

export default class Watch extends LogCommand {
  static override summary = 'Show new output of services until Ctrl-C.';
  static override description =
    'Does not start or stop anything. Also shows runs that start later. With --json, prints one object per line.';
  static override args = serviceNames(
    'Services to watch. If omitted, all services of the project, including services that start later.',
  );
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> api web'];

  async run() {
    const { args, flags } = await this.parse(Watch);
    const names = args.names ?? [];
    const { dir: projectDir } = await this.findProject(flags, { allowNew: false });
    const labels = await this.hasSeveral(projectDir, names);
    await this.follow({ projectDir, names }, this.showEntries({ timestamps: false, labels }));
  }
}
