import { serviceNames } from '../services/service-command.ts';
import { StartCommand } from '../services/start-command.ts';
import { parseWait, waitFlag } from '../services/wait-flag.ts';

export default class CheckStart extends StartCommand {
  static override summary = 'Start the services that do not run and leave the rest as it is.';
  static override description =
    'Safe to call at any time, also many at once: one that is starting is waited for, one that has died is replaced, and one whose port somebody else has taken is told with who it is.';
  static override args = serviceNames('Services to check; left out, all that the configuration starts by itself.');
  static override flags = waitFlag;
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> api'];

  async run() {
    const { args, flags } = await this.parse(CheckStart);
    const waitMs = parseWait(flags);
    const { dir } = await this.findServiceProject(flags);
    const { checkStart, supervision, onWaiting } = await this.supervise();
    const outcomes = await checkStart(supervision, {
      projectDir: dir,
      names: args.names ?? [],
      onWaiting,
      onPorts: this.tellPorts,
      waitMs,
    });
    const document = await this.presentStarted(outcomes);
    this.noteNextAfter(outcomes);
    return document;
  }
}
