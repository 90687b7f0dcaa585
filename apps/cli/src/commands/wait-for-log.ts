import { linePattern, parseServiceName, parseTimeout, waitForLog } from '@candle/core';
import { Args, Flags } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class WaitForLog extends OwnProjectCommand {
  static override summary = 'Wait until the current run of a service has printed a text.';
  static override description =
    'Prints the line, at once when it is already there. Fails when the service does not run, ends before, or takes too long.';
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Service to wait for.' }),
  };
  static override flags = {
    message: Flags.string({
      required: true,
      helpValue: 'TEXT',
      summary: 'A part of the line; it need not be the whole.',
    }),
    regex: Flags.boolean({ summary: 'The text is a regular expression (of JavaScript).' }),
    timeout: Flags.string({
      default: '30',
      helpValue: 'DURATION',
      summary: "How long to wait: seconds as a number, or '500ms', '5m', '2h'.",
    }),
  };
  static override examples = [
    "<%= config.bin %> <%= command.id %> api --message 'listening on'",
    "<%= config.bin %> <%= command.id %> api --message 'ready in \\d+ ms' --regex --timeout 2m",
  ];

  async run() {
    const { args, flags } = await this.parse(WaitForLog);
    const { message, regex: isRegex } = flags;
    const name = parseServiceName(args.name);
    const timeoutMs = parseTimeout(flags.timeout);
    linePattern(message, { isRegex });
    const { dir: projectDir } = await this.findProject(flags, { allowNew: false });
    const found = await waitForLog(this.host.candle(), { projectDir, name, message, isRegex, timeoutMs });
    this.log(found.text);
    return found;
  }
}
