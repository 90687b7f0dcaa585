import { serviceNames } from '../base-commands/flags.ts';
import { openStdoutWriter, showNewOutput } from '../base-commands/show-output.ts';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class Watch extends OwnProjectCommand {
  static override summary = 'Show new output of services until Ctrl-C.';
  static override description =
    'Does not start or stop anything. Also shows runs that start later. With --json, prints one object per line.';
  static override args = serviceNames(
    'Services to watch. If omitted, all services of the project, including services that start later.',
  );
  static exitCodes = { 0: 'Success, also if Ctrl-C ends the output.' };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> api web'];

  async run() {
    const { args, flags } = await this.parse(Watch);
    const names = args.names ?? [];
    const { dir: projectDir } = await this.findProject(flags);
    const format = this.jsonEnabled() ? 'json' : 'text';
    const writer = await openStdoutWriter(this, { projectDir, shown: names }, { format, timestamps: false });
    await showNewOutput(this, { projectDir, names }, writer);
  }
}
