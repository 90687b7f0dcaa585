import { parsePort, reservablePortHint } from '@candle/core/ports';
import { claimedPortDocument, reservePort } from '@candle/core/reservations';
import { Args, Flags } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';
import { noteFallback, noteNewProject } from '../present/port-changes.ts';

export default class ReservePort extends OwnProjectCommand {
  static override summary = 'Reserve an unused port for a service or project.';
  static override description =
    'Ports are assigned starting from 4000 and incrementing up to 65535 (with wraparound). A preferred port in the configuration of the service is tried first. Ports that browsers refuse to open, and ports that the system uses for outgoing connections, are used only if no other port is free.';
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description: 'Name of the service to reserve the port for (optional). If omitted, reserves a project-level port.',
    }),
  };
  static override flags = {
    port: Flags.string({
      helpValue: 'N',
      summary: 'Reserve this port (1024 to 65535), or fail if it is not available.',
    }),
  };
  static exitCodes = { 1: 'Error, for example because the service already has a reserved port.' };
  static output = "$ candle reserve-port api\nReserved port 4000 for service 'api'";
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> web --port 5173',
  ];

  async run() {
    const { args, flags } = await this.parse(ReservePort);
    const requested = flags.port === undefined ? undefined : parsePort(flags.port, reservablePortHint);
    const project = await this.findProject(flags, { allowNew: true, requireDirectory: true });
    const request = { projectDir: project.dir, serviceName: args.name, port: requested };
    const claim = await reservePort(this.host.candle(), request);
    const { port, serviceName } = claim.reservation;
    this.log(`Reserved port ${port} for ${serviceName === null ? 'project' : `service '${serviceName}'`}`);
    noteFallback(claim, (text) => this.note(text));
    noteNewProject(project, claim, (text) => this.note(text));
    return claimedPortDocument(claim);
  }
}
