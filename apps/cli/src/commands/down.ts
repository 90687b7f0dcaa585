import { advise, andThen, candle, type Hint, sentences } from '@candle/core/errors';
import { mayBePortOf } from '@candle/core/ports';
import type { StoppedServices } from '@candle/supervisor';
import { deletedProjectFlags, serviceNames } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';
import { reportStopped } from '../present/stopped.ts';

export default class Down extends OwnProjectCommand {
  static override baseFlags = deletedProjectFlags;
  static override summary = 'Stop the services of the project; reservations stay.';
  static override description =
    'Stops services and all their child processes, dependents first, including services that are not configured.';
  static override args = serviceNames('Services to stop. If omitted, all services of the project.');
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> api'];

  async run() {
    const { args, flags } = await this.parse(Down);
    const names = args.names ?? [];
    const { dir: projectDir } = await this.findProject(flags);
    const { down, downDocument, throwFailures, describeProcesses, supervision, onWaiting } = await this.supervise();
    const outcomes = await down(supervision, { projectDir, names, onWaiting });
    reportStopped(this, outcomes, { names, describeProcesses });
    if (outcomes.reservations.length > 0) this.note(renderReservations(outcomes, names));
    throwFailures(outcomes);
    return downDocument(outcomes);
  }
}

/** The command releases exactly these ports. */
function renderReservations({ done, reservations }: StoppedServices, names: readonly string[]): Hint {
  const ports = reservations.map(({ serviceName, port }) => `${port} (${serviceName ?? 'project-level'})`).join(', ');
  const isOne = reservations.length === 1;
  const kept = isOne ? `Port ${ports} stays reserved` : `Ports ${ports} stay reserved`;
  const owners = done
    .map(({ name }) => name)
    .filter((name) => reservations.some((one) => mayBePortOf(name, one.serviceName ?? '')));
  const commands = names.length === 0 ? [candle('release-ports')] : owners.map((name) => candle('release-ports', name));
  const release = commands.reduce(andThen);
  return sentences(kept, advise(isOne ? 'To release it' : 'To release them', release));
}
