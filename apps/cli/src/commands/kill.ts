import { UsageError } from '@candle/cli-kit';
import { parsePort } from '@candle/core/ports';
import { describeProject } from '@candle/core/projects';
import type { ChosenService } from '@candle/supervisor';
import { Flags } from '@oclif/core';
import { deletedProjectFlags, serviceNames } from '../base-commands/flags.ts';
import { type ChosenServices, OwnProjectCommand } from '../host/own-command.ts';
import { reportStopped } from '../present/stopped.ts';

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
  reportStopped(command, outcomes, { names, port, showProject: chosen.all, describeProcesses });
  throwFailures(outcomes);
  return { services: outcomes.done.map(killedDocument) };
}

/** With `--all`, printed before the stop, so that the user can still interrupt it. */
function renderChosen({ name, port, ...project }: ChosenService): string {
  return `Stopping '${name}'${port === null ? '' : ` (port ${port})`} of ${describeProject(project)}`;
}
