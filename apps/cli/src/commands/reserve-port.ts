import { reservedPortDocument, reservePort } from '@candle/core';
import { Args } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';
import { noteNewProject } from '../present/note-new-project.ts';

export default class ReservePort extends OwnProjectCommand {
  static override summary = 'Reserve an unused port for a service or project.';
  static override description =
    "Ports run from 4000 to 65535. Ones that browsers refuse to open, and those of the system's ephemeral range, are given last.";
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description: 'Service to reserve for; left out, the port is the project’s own.',
    }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> api', '<%= config.bin %> <%= command.id %>'];

  async run() {
    const { args, flags } = await this.parse(ReservePort);
    const project = await this.findProject(flags, { allowNew: true });
    const claim = await reservePort(this.host.candle(), { projectDir: project.dir, serviceName: args.name });
    const { port, serviceName } = claim.reservation;
    this.log(`Reserved port ${port} for ${serviceName === null ? 'project' : `service '${serviceName}'`}`);
    noteNewProject(project, claim, (text) => this.note(text));
    return reservedPortDocument(claim.reservation);
  }
}
