import { serviceNames } from '../services/service-command.ts';
import { StartCommand } from '../services/start-command.ts';
import { parseWait, waitFlag } from '../services/wait-flag.ts';

export default class Restart extends StartCommand {
  static override summary = 'Stop services and start them with the configuration as it is now.';
  static override args = serviceNames('Services to restart; left out, those that run.');
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
      onPorts: this.tellPorts,
      waitMs,
    });
    if (outcomes.done.length + outcomes.failed.length === 0) this.log('No service is running, so none was restarted');
    const document = await this.presentStarted(outcomes);
    this.noteNextAfter(outcomes);
    return document;
  }
}
