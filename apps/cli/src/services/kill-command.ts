import type { KilledService } from '@candle/supervisor';
import { ServiceCommand } from './service-command.ts';

/** What `kill` and `kill-all` share. */
export abstract class KillCommand extends ServiceCommand {
  protected async kill(flags: { all: boolean; project?: string | undefined; names: readonly string[] }) {
    const projectDir = (await this.findProjectUnlessAll(flags, { allowNew: false }))?.dir;
    const { kill, killedDocument, throwFailures, describeProcesses, supervision, onWaiting } = await this.supervise();
    const outcomes = await kill(supervision, { projectDir, names: flags.names, onWaiting });
    const stopped = outcomes.done.filter((service) => service.stopped !== undefined);
    for (const service of stopped)
      this.log(`[Stopped process '${service.name}']${flags.all ? ` ${service.projectDir}` : ''}`);
    const calledOff = outcomes.done.filter(({ isCalledOff }) => isCalledOff);
    for (const { name } of calledOff) this.log(`[Called off the restart of '${name}']`);
    if (stopped.length + calledOff.length + outcomes.failed.length === 0) this.log(nothingStopped(flags.names));
    for (const { name, left } of leftRunning(stopped)) {
      this.note(`Left running, opened by '${name}' for you: ${describeProcesses(left)}`);
    }
    for (const { stopped: end } of stopped) {
      if (!end || end.waitedForCaller.length === 0) continue;
      this.note(`Ended with SIGKILL, as it waited for this command: ${describeProcesses(end.waitedForCaller)}`);
    }
    throwFailures(outcomes);
    return { services: outcomes.done.map(killedDocument) };
  }
}

function nothingStopped(names: readonly string[]): string {
  if (names.length === 0) return 'No service is running';
  return names.length === 1 ? `Service '${names[0]}' is not running` : 'None of these services is running';
}

function leftRunning(stopped: readonly KilledService[]) {
  return stopped.flatMap(({ name, stopped }) =>
    stopped && stopped.bystanders.length > 0 ? [{ name, left: stopped.bystanders }] : [],
  );
}
