import type { ListedService } from '@candle/supervisor';
import { ServiceCommand } from './service-command.ts';

type RenderServices = (services: readonly ListedService[], nowMs: number, options: { all: boolean }) => string;

/** Shared by the commands that list services. */
export abstract class ListCommand extends ServiceCommand {
  protected async list(
    flags: { all: boolean; project?: string | undefined; names: readonly string[] },
    render: RenderServices,
  ) {
    const projectDir = (await this.findProjectUnlessAll(flags, { allowNew: false }))?.dir;
    const { list, serviceDocument, supervision } = await this.supervise();
    const { services, configErrors, isUnfreed } = await list(supervision, { projectDir, names: flags.names });
    if (flags.all) this.noteConfigErrors(configErrors);
    this.log(services.length === 0 ? 'No services' : render(services, supervision.clock.nowMs(), { all: flags.all }));
    if (isUnfreed)
      this.note(
        'The output of running services takes up twice its size on the disk until they exit. For details: candle doctor',
      );
    return { services: services.map(serviceDocument) };
  }
}
