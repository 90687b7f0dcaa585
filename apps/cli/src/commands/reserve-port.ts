import { claimedPortDocument, parsePort, reservePort } from '@candle/core';
import { Args, Flags } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';
import { noteFallback } from '../present/note-fallback.ts';
import { noteNewProject } from '../present/note-new-project.ts';

export default class ReservePort extends OwnProjectCommand {
  static override summary = 'Reserve an unused port for a service or project.';
  static override description =
    "The next free one from 4000 to 65535, or what the configuration of the service wishes for. Ones that browsers refuse to open, and those of the system's ephemeral range, are given last.";
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description: 'Service to reserve for; left out, the port is the project’s own.',
    }),
  };
  static override flags = {
    port: Flags.string({ helpValue: 'N', summary: 'Reserve this number (1024 to 65535) or none.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> api',
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> web --port 5173',
  ];

  async run() {
    const { args, flags } = await this.parse(ReservePort);
    const asked = flags.port === undefined ? undefined : parsePort(flags.port);
    const project = await this.findProject(flags, { allowNew: true });
    const request = { projectDir: project.dir, serviceName: args.name, port: asked };
    const claim = await reservePort(this.host.candle(), request);
    const { port, serviceName } = claim.reservation;
    this.log(`Reserved port ${port} for ${serviceName === null ? 'project' : `service '${serviceName}'`}`);
    noteFallback(claim, (text) => this.note(text));
    noteNewProject(project, claim, (text) => this.note(text));
    return claimedPortDocument(claim);
  }
}
