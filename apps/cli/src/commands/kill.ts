import { UsageError } from '@candle/cli-kit';
import { advise, candle, type Hint, lines } from '@candle/core/errors';
import { parsePort } from '@candle/core/ports';
import { describeProject } from '@candle/core/projects';
import type { UnwritableError } from '@candle/core/store';
import type { ChosenService, KilledService } from '@candle/supervisor';
import { Flags } from '@oclif/core';
import { deletedProjectFlags, serviceNames } from '../base-commands/flags.ts';
import { type ChosenServices, OwnProjectCommand } from '../host/own-command.ts';

export default class Kill extends OwnProjectCommand {
  static override baseFlags = deletedProjectFlags;
  static override aliases = ['stop'];
  static override summary = 'Stop services and all their child processes; reservations stay.';
  static override description =
    'Services are stopped before the services that they depend on. With --port, stops the service of the project that listens on the port; any other process on the port is reported and left running.';
  static override args = serviceNames('Services to stop. If omitted, all services of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'Stop the services of all projects.' }),
    port: Flags.string({ helpValue: 'N', summary: "Stop this project's service that listens on port N." }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    '<%= config.bin %> <%= command.id %> --port 4000',
    '<%= config.bin %> <%= command.id %> --all',
  ];

  async run() {
    const { args, flags } = await this.parse(Kill);
    const narrower = args.names ? 'A service name' : flags.all ? '--all' : undefined;
    if (flags.port !== undefined && narrower !== undefined) {
      throw new UsageError(`${narrower} cannot be combined with --port`, this.id);
    }
    const port = flags.port === undefined ? undefined : parsePort(flags.port);
    return killServices(this, { ...flags, names: args.names, port });
  }
}

interface ServicesToKill extends ChosenServices {
  readonly port?: number | undefined;
}

/** `kill`, and the same for all projects. */
export async function killServices(command: OwnProjectCommand, chosen: ServicesToKill) {
  const projectDir = (await command.findProjectUnlessAll(chosen))?.dir;
  const { kill, killedDocument, throwFailures, describeProcesses, supervision, onWaiting } = await command.supervise();
  const onChosen = (services: readonly ChosenService[]) => {
    for (const service of services) command.note(renderChosen(service));
  };
  const { names = [], port } = chosen;
  const input = { projectDir, names, port, onWaiting, onChosen: chosen.all ? onChosen : undefined };
  const outcomes = await kill(supervision, input);
  const stopped = outcomes.done.filter((service) => service.stopped !== undefined);
  for (const service of stopped)
    command.log(`[Stopped process '${service.name}']${chosen.all ? ` ${service.projectDir}` : ''}`);
  const restartCancelled = outcomes.done.filter(({ isRestartCancelled }) => isRestartCancelled);
  for (const { name } of restartCancelled) command.log(`[Cancelled the restart of '${name}']`);
  if (stopped.length + restartCancelled.length + outcomes.failed.length === 0) command.log(nothingStopped(chosen));
  for (const { name, left } of leftRunning(stopped)) {
    command.note(`Left running because '${name}' opened it for you: ${describeProcesses(left)}`);
  }
  for (const { stopped: end } of stopped) {
    if (!end || end.waitedForCaller.length === 0) continue;
    command.note(
      `Killed with SIGKILL because it was waiting for this command: ${describeProcesses(end.waitedForCaller)}`,
    );
  }
  const unrecorded = outcomes.done.filter((service) => service.unrecorded !== undefined);
  const refusal = unrecorded[0]?.unrecorded;
  if (refusal) command.note(renderUnrecorded(unrecorded, refusal));
  throwFailures(outcomes);
  return { services: outcomes.done.map(killedDocument) };
}

/** With `--all`, printed before the stop, so that the user can still interrupt it. */
function renderChosen({ name, port, ...project }: ChosenService): string {
  return `Stopping '${name}'${port === null ? '' : ` (port ${port})`} of ${describeProject(project)}`;
}

function nothingStopped({ names = [], port }: ServicesToKill): string {
  if (port !== undefined) return `Nothing listens on port ${port}`;
  if (names.length === 0) return 'No service is running';
  return names.length === 1 ? `Service '${names[0]}' is not running` : 'None of these services is running';
}

/** What could not be recorded, and why. */
function renderUnrecorded(services: readonly KilledService[], { message, fix }: UnwritableError): Hint {
  const shown = services.map(({ name }) => `'${name}'`).join(', ');
  return lines(
    `The stop of ${shown} is not recorded yet: ${message}`,
    'Candle records it as soon as it can write, and restarts nothing that you stopped',
    fix,
    advise('For details', candle('get-doc', 'full-disk')),
  );
}

function leftRunning(stopped: readonly KilledService[]) {
  return stopped.flatMap(({ name, stopped }) =>
    stopped && stopped.detachedHelpers.length > 0 ? [{ name, left: stopped.detachedHelpers }] : [],
  );
}
