import { serviceNames } from '../base-commands/service-command.ts';
import { StartCommand } from '../base-commands/start-command.ts';
import { parseWait, waitFlag } from '../base-commands/wait-flag.ts';

export default class Restart extends StartCommand {
  static override summary = 'Stop services and start them again with the current configuration.';
  static override args = serviceNames('Services to restart. If omitted, all running services of the project.');
  static override flags = waitFlag;
  static override examples = ['<%= config.bin %> <%= command.id %> api'];

  async run() {
    const { args, flags } = await this.parse(Restart);
    const waitMs = parseWait(flags);
    const { dir } = await this.findServiceProject(flags);
    const { restart, supervision, onWaiting } = await this.supervise();
    const outcomes = await restart(supervision, {
      projectDir: dir,
      names: args.names ?? [],
      onWaiting,
      onPorts: this.reportPorts,
      waitMs,
    });
    if (outcomes.done.length + outcomes.failed.length === 0) this.log('No service is running, so none was restarted');
    const document = await this.reportStarted(outcomes);
    this.noteNextAfter(outcomes);
    return document;
  }
}
