import { renderPortTable } from '../present/render-ports.ts';
import { ServiceCommand } from './service-command.ts';

/** Shared by `list-ports` and `list-ports-all`. */
export abstract class ListPortsCommand extends ServiceCommand {
  protected async listPorts(flags: { all: boolean; project?: string | undefined; names: readonly string[] }) {
    const projectDir = (await this.findProjectUnlessAll(flags, { allowNew: false }))?.dir;
    const { listPorts, portsDocument, supervision } = await this.supervise();
    const ports = await listPorts(supervision, { projectDir, names: flags.names });
    this.log(renderPortTable(ports, { all: flags.all }));
    return portsDocument(ports);
  }
}
