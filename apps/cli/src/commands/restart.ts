import { parseWait, serviceNames, setupFlag, waitFlag, withWaitValues } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { portChangeReporter } from '../present/port-changes.ts';
import { noteNextAfter, StartReport } from '../present/started.ts';

export default class Restart extends OwnProjectCommand {
  static override summary = 'Stop services and start them again with the current configuration.';
  static override args = serviceNames('Services to restart. If omitted, all running services of the project.');
  static override flags = { ...waitFlag, ...setupFlag };
  static override examples = ['<%= config.bin %> <%= command.id %> api'];

  async run() {
    const { args, flags } = await this.parse(Restart, withWaitValues(this.argv));
    const waitMs = parseWait(flags);
    const { dir } = await this.findProject(flags, { requireDirectory: true });
    const { restart, supervision, onWaiting, onNewCommands, onSetup } = await this.supervise();
    const report = new StartReport(this);
    const outcomes = await restart(supervision, {
      projectDir: dir,
      names: args.names ?? [],
      onWaiting,
      onNewCommands,
      onSetup,
      setup: !flags['no-setup'],
      onPorts: portChangeReporter(this),
      onProgress: report.onProgress,
      waitMs,
    });
    if (outcomes.done.length + outcomes.failed.length === 0)
      this.log('No service of this project is running, so none was restarted');
    const document = await report.finish(outcomes);
    noteNextAfter(this, outcomes);
    return document;
  }
}
