import { parsePort } from '@candle/core/ports';
import { Args } from '@oclif/core';
import { supervise } from '../base-commands/supervise.ts';
import { OwnCommand } from '../host/own-command.ts';
import { renderPortReport } from '../present/port-report.ts';

export default class WhoHas extends OwnCommand {
  static override summary =
    'Show who uses a port: the process, its service, who reserved the port, and what you can do.';
  static override description =
    'For a process of another user, often only the user is known. Candle also asks Docker for containers that publish the port.';
  static override args = {
    port: Args.string({ required: true, ignoreStdin: true, description: 'Port number.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> 4000'];

  async run() {
    const { args } = await this.parse(WhoHas);
    const port = parsePort(args.port);
    const { whoHas, portReportDocument, supervision } = await supervise(this.host, (text) => this.note(text));
    const report = await whoHas(supervision, { port });
    this.log(renderPortReport(report, supervision.clock.nowMs()));
    return portReportDocument(report);
  }
}
