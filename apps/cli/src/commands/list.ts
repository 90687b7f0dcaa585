import { CandleError, lines } from '@candle/core/errors';
import { Flags } from '@oclif/core';
import { deletedProjectFlags, serviceNames } from '../base-commands/flags.ts';
import { type ChosenServices, OwnProjectCommand } from '../host/own-command.ts';
import { stdoutStyle } from '../present/format.ts';
import { renderServiceList } from '../present/services.ts';
import { noteUnreserved } from '../present/started.ts';
import { renderConfigWarnings } from '../present/supervision.ts';

export default class List extends OwnProjectCommand {
  static override baseFlags = deletedProjectFlags;
  static override aliases = ['ls'];
  static override summary = 'List services with their status, readiness, PID, uptime, port, command and directory.';
  static override args = serviceNames('Services to list. If omitted, all services of the project.');
  static override flags = {
    all: Flags.boolean({ summary: 'List the services of all projects.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> --all'];

  async run() {
    const { args, flags } = await this.parse(List);
    return listServices(this, { ...flags, names: args.names }, renderServiceList);
  }
}

type RenderServices = typeof renderServiceList;

/** `list`, `ps`, and the same for all projects. */
export async function listServices(command: OwnProjectCommand, chosen: ChosenServices, render: RenderServices) {
  const { all, names = [] } = chosen;
  const projectDir = (await command.findProjectUnlessAll(chosen))?.dir;
  const { list, servicesDocument, supervision } = await command.supervise();
  const found = await list(supervision, { projectDir, names });
  const { services, configErrors, warnings, isUnfreed } = found;
  // With one project, the command reports the error of its configuration anyway.
  for (const error of all ? configErrors : []) {
    const hint = CandleError.hintOf(error);
    command.note(lines(`Warning: ${error.message}`, ...(hint === undefined ? [] : [hint])));
  }
  if (warnings.length > 0) command.note(renderConfigWarnings(warnings));
  const style = { all, ...stdoutStyle() };
  const text = services.length === 0 ? 'No services' : render(services, supervision.clock.nowMs(), style);
  command.log(text, { color: true });
  // With all projects, the commands would have to name the project. The full entries contain them.
  for (const service of all || render === renderServiceList ? [] : services) await noteUnreserved(command, service);
  if (isUnfreed)
    command.note(
      'The output of running services takes up twice its size on the disk until they exit. For details: candle doctor',
    );
  return servicesDocument(found);
}
