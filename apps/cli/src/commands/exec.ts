import { UsageError } from '@candle/cli-kit';
import { parseServiceName } from '@candle/core/config';
import { shellWord } from '@candle/core/errors';
import { Args } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';
import { portChangeReporter } from '../present/port-changes.ts';

export default class Exec extends OwnProjectCommand {
  // The output belongs to the command that is run.
  static override enableJsonFlag = false;
  static override summary = 'Run a command in the foreground with the environment of a service.';
  static override usage = 'exec [NAME] [--project DIR] -- COMMAND [ARGUMENTS]';
  static override description =
    `Everything after -- is passed to the command unchanged. The command runs in the current directory, on this terminal, and in place of candle: it receives signals directly and determines the exit code. For the contents of the environment, see: candle env --help.`;
  static exitCodes = { 126: 'The command cannot be run.', 127: 'The command does not exist.' };
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description: 'Service whose environment to use. If omitted, the variables that every service gets.',
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
      throw new UsageError('Write -- before the command, and the service name, if any, before --', this.id);
    }
    const { args, flags } = await this.parse(Exec);
    if (args.name !== undefined) parseServiceName(args.name);
    const { dir } = await this.findProject(flags);
    if (command === undefined) {
      const service = args.name === undefined ? '' : ` ${shellWord(args.name)}`;
      throw new UsageError(`Write the command after --, for example: candle exec${service} -- npm test`, this.id);
    }
    const { currentDirectory } = this.host;
    // Throws, because the directory was deleted.
    if (currentDirectory !== process.cwd()) await this.host.findProject({ requireDirectory: true });
    const { exec, supervision } = await this.supervise();
    const target = { projectDir: dir, name: args.name, onPorts: portChangeReporter(this) };
    await exec(supervision, { ...target, words: [command, ...rest], cwd: currentDirectory });
  }
}
