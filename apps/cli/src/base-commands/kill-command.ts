import { describeProject } from '@candle/core';
import type { ChosenService, KilledService } from '@candle/supervisor';
import { ServiceCommand } from './service-command.ts';

/** Shared by `kill` and `kill-all`. */
export abstract class KillCommand extends ServiceCommand {
  protected async kill(flags: KillFlags) {
    const projectDir = (await this.findProjectUnlessAll(flags, { allowNew: false }))?.dir;
    const { kill, killedDocument, throwFailures, describeProcesses, supervision, onWaiting } = await this.supervise();
    const onChosen = (services: readonly ChosenService[]) => {
      for (const service of services) this.note(renderChosen(service));
    };
    const { names, port } = flags;
    const input = { projectDir, names, port, onWaiting, onChosen: flags.all ? onChosen : undefined };
    const outcomes = await kill(supervision, input);
    const stopped = outcomes.done.filter((service) => service.stopped !== undefined);
    for (const service of stopped)
      this.log(`[Stopped process '${service.name}']${flags.all ? ` ${service.projectDir}` : ''}`);
    const restartCancelled = outcomes.done.filter(({ isRestartCancelled }) => isRestartCancelled);
    for (const { name } of restartCancelled) this.log(`[Cancelled the restart of '${name}']`);
    if (stopped.length + restartCancelled.length + outcomes.failed.length === 0) this.log(nothingStopped(flags));
    for (const { name, left } of leftRunning(stopped)) {
      this.note(`Left running because '${name}' opened it for you: ${describeProcesses(left)}`);
    }
    for (const { stopped: end } of stopped) {
      if (!end || end.waitedForCaller.length === 0) continue;
      this.note(
        `Killed with SIGKILL because it was waiting for this command: ${describeProcesses(end.waitedForCaller)}`,
      );
    }
    throwFailures(outcomes);
    return { services: outcomes.done.map(killedDocument) };
  }
}

interface KillFlags {
  readonly all: boolean;
  readonly project?: string | undefined;
  readonly names: readonly string[];
  readonly port?: number | undefined;
}

/** With `--all`, printed before the stop, so that the user can still interrupt it. */
function renderChosen({ name, port, ...project }: ChosenService): string {
  return `Stopping '${name}'${port === null ? '' : ` (port ${port})`} of ${describeProject(project)}`;
}

function nothingStopped({ names, port }: KillFlags): string {
  if (port !== undefined) return `Nothing listens on port ${port}`;
  if (names.length === 0) return 'No service is running';
  return names.length === 1 ? `Service '${names[0]}' is not running` : 'None of these services is running';
}

function leftRunning(stopped: readonly KilledService[]) {
  return stopped.flatMap(({ name, stopped }) =>
    stopped && stopped.detachedHelpers.length > 0 ? [{ name, left: stopped.detachedHelpers }] : [],
  );
}
