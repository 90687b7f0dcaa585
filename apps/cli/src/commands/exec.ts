import { UsageError } from '@candle/cli-kit';
import { parseServiceName, shellWord } from '@candle/core';
import { Args } from '@oclif/core';
import { PortsCommand } from '../services/ports-command.ts';

export default class Exec extends PortsCommand {
  // What it prints is the command's.
  static override enableJsonFlag = false;
  static override summary = 'Run a command in the foreground, with the environment that a service would get.';
  static override usage = 'exec [NAME] [--project DIR] -- COMMAND [ARGUMENTS]';
  static override description =
    `Everything behind -- is the command's, as it stands. It runs in the current directory, on this terminal, in the place of candle: signals and its exit code are its own. 127 when there is no such command, 126 when it cannot be run. What the environment is: candle env --help.`;
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description: 'Service whose environment it gets; left out, what every service gets.',
    }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> api -- npm test',
    `<%= config.bin %> <%= command.id %> -- sh -c 'curl "$API_URL/health"'`,
  ];

  async run() {
    const dashes = this.argv.indexOf('--');
    const [command, ...rest] = dashes === -1 ? [] : this.argv.splice(dashes).slice(1);
    const words = this.argv.filter((word) => !word.startsWith('-'));
    if (dashes === -1 && words.length > 1) {
      throw new UsageError('Write -- before the command, and the service, if any, before that', this.id);
    }
    const { args, flags } = await this.parse(Exec);
    if (args.name !== undefined) parseServiceName(args.name);
    const { dir } = await this.findServiceProject(flags);
    if (command === undefined) {
      const service = args.name === undefined ? '' : ` ${shellWord(args.name)}`;
      throw new UsageError(`Write the command behind --, as in: candle exec${service} -- npm test`, this.id);
    }
    const { currentDirectory } = this.host;
    if (currentDirectory !== process.cwd())
      throw new UsageError('The current directory is gone, so nothing can run in it', this.id);
    const { exec, supervision } = await this.supervise();
    const about = { projectDir: dir, name: args.name, onPorts: this.tellPorts };
    await exec(supervision, { ...about, words: [command, ...rest], cwd: currentDirectory });
  }
}
