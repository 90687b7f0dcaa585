import { parseWait, serviceNames, setupFlag, waitFlag, withWaitValues } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { portChangeReporter } from '../present/port-changes.ts';
import { noteNextAfter, StartReport } from '../present/started.ts';

export default class CheckStart extends OwnProjectCommand {
  static override summary = 'Start the services that are not running, and leave the others alone.';
  static override description =
    'Safe to run at any time, even several times in parallel. Waits for a service that is already starting, and starts a service again if it has exited. If another process uses the port of a service, reports which one.';
  static override args = serviceNames(
    'Services to check. If omitted, all services except those with "autostart": false.',
  );
  static override flags = { ...waitFlag, ...setupFlag };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> api'];

  async run() {
    const { args, flags } = await this.parse(CheckStart, withWaitValues(this.argv));
    const waitMs = parseWait(flags);
    const { dir } = await this.findProject(flags, { requireDirectory: true });
    const { checkStart, supervision, onWaiting, onNewCommands, onSetup } = await this.supervise();
    const report = new StartReport(this);
    const outcomes = await checkStart(supervision, {
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
    const document = await report.finish(outcomes);
    noteNextAfter(this, outcomes);
    return document;
  }
}
