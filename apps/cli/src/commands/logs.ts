import { ProjectCommand } from '@candle/cli-kit';
import { logs, logsDocument, parseCount } from '@candle/core';
import { Flags } from '@oclif/core';
import { renderLogs } from '../present/render-logs.ts';
import { showsColor } from '../present/shows-color.ts';
import { serviceNames } from '../services/service-command.ts';

export default class Logs extends ProjectCommand {
  static override summary = 'Show the last lines that services printed, earlier runs included and marked.';
  static override args = serviceNames('Services whose output is shown; left out, all of the project.');
  static override flags = {
    count: Flags.string({
      char: 'n',
      default: '100',
      helpValue: 'N',
      summary: 'Lines of output at most, for each service; marks are not counted.',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    '<%= config.bin %> <%= command.id %> api -n 20',
  ];

  async run() {
    const { args, flags } = await this.parse(Logs);
    const count = parseCount(flags.count);
    const { dir } = await this.findProject(flags, { allowNew: false });
    const found = await logs(this.host.candle(), { projectDir: dir, names: args.names ?? [], count });
    const hasNone = count > 0 && found.every(({ entries }) => entries.length === 0);
    if (hasNone) {
      this.note(args.names?.length === 1 ? `Service '${args.names[0]}' has no logs yet` : 'There are no logs yet');
    } else if (!this.jsonEnabled()) {
      const color = showsColor(process.stdout, process.env);
      for (const block of renderLogs(found, { color })) process.stdout.write(block);
    }
    return logsDocument(found);
  }
}
