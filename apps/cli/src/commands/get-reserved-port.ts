import { getReservedPort, reservedPortDocument } from '@candle/core/reservations';
import { Args } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class GetReservedPort extends OwnProjectCommand {
  static override summary = 'Print the reserved port of a service.';
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the service.' }),
  };
  static exitCodes = { 1: 'Error, for example because the service has no reserved port.' };
  static output = '$ candle get-reserved-port api\n4000';
  static override examples = ['PORT=$(<%= config.bin %> <%= command.id %> api)'];

  async run() {
    const { args, flags } = await this.parse(GetReservedPort);
    const project = await this.findProject(flags, { allowNew: true });
    const reservation = await getReservedPort(this.host.candle(), { projectDir: project.dir, serviceName: args.name });
    this.log(String(reservation.port));
    return reservedPortDocument(reservation);
  }
}
