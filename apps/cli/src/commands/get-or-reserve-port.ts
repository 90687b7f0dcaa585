import { claimedPortDocument, getOrReservePort } from '@candle/core/reservations';
import { Args } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';
import { noteFallback, noteNewProject } from '../present/port-changes.ts';

export default class GetOrReservePort extends OwnProjectCommand {
  static override summary = 'Print the reserved port of a service, reserving one if there is none.';
  static override description =
    'Concurrent calls all get the same port. In JSON, wasReserved is true if this call reserved the port.';
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the service.' }),
  };
  static output = '$ candle get-or-reserve-port api\n4000';
  static override examples = ['PORT=$(<%= config.bin %> <%= command.id %> api)'];

  async run() {
    const { args, flags } = await this.parse(GetOrReservePort);
    const project = await this.findProject(flags, { allowNew: true, requireDirectory: true });
    const claim = await getOrReservePort(this.host.candle(), { projectDir: project.dir, serviceName: args.name });
    this.log(String(claim.reservation.port));
    noteFallback(claim, (text) => this.note(text));
    noteNewProject(project, claim, (text) => this.note(text));
    return { ...claimedPortDocument(claim), wasReserved: claim.isNew };
  }
}
