import { defaultWaitMs, parseServiceName } from '@candle/core/config';
import { type FoundMessage, linePattern, parseTimeout, waitForLog } from '@candle/core/logs';
import { Args, Flags } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class WaitForLog extends OwnProjectCommand {
  static override summary = 'Wait until the current run of a service prints a line that contains TEXT.';
  static override description =
    'Prints the matching line, immediately if it is already in the log. Fails if the service is not running, exits before it prints such a line, or does not print one in time.';
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the service.' }),
  };
  static override flags = {
    message: Flags.string({
      required: true,
      helpValue: 'TEXT',
      summary: 'Text that the line contains.',
    }),
    regex: Flags.boolean({
      summary: 'Treat the text as a regular expression; for the syntax, see candle get-doc guides/expressions.',
    }),
    timeout: Flags.string({
      default: String(defaultWaitMs / 1000),
      helpValue: 'DURATION',
      summary: 'Maximum time to wait: a number of seconds, or a duration with a unit (500ms, 5m, 2h).',
    }),
  };
  static override examples = [
    "<%= config.bin %> <%= command.id %> api --message 'listening on'",
    "<%= config.bin %> <%= command.id %> api --message 'ready in \\d+ ms' --regex --timeout 2m",
  ];

  async run(): Promise<FoundMessage> {
    const { args, flags } = await this.parse(WaitForLog);
    const { message, regex: isRegex } = flags;
    const name = parseServiceName(args.name);
    const timeoutMs = parseTimeout(flags.timeout);
    await linePattern(message, { isRegex });
    const { dir: projectDir } = await this.findProject(flags);
    const found = await waitForLog(this.host.candle(), { projectDir, name, message, isRegex, timeoutMs });
    this.log(found.text);
    return found;
  }
}
