import { LogCommand } from '../services/log-command.ts';
import { serviceNames } from '../services/service-command.ts';

export default class Watch extends LogCommand {
  static override summary = 'Show what services print from now on, until Ctrl-C.';
  static override description =
    'Starts and stops nothing; services and runs that begin later are shown too. With --json one object a line.';
  static override args = serviceNames('Services to watch; left out, all of the project, later ones included.');
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> api web'];

  async run() {
    const { args, flags } = await this.parse(Watch);
    const names = args.names ?? [];
    const { dir: projectDir } = await this.findProject(flags, { allowNew: false });
    const labels = await this.hasSeveral(projectDir, names);
    await this.follow({ projectDir, names }, this.showEntries({ timestamps: false, labels }));
  }
}
