import { type ClearedService, clearLogs } from '@candle/core/logs';
import { deletedProjectFlags, serviceNames } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class ClearLogs extends OwnProjectCommand {
  static override baseFlags = deletedProjectFlags;
  static override summary = 'Delete the stored output of services, without stopping them.';
  static override args = serviceNames('Services whose output to delete. If omitted, all services of the project.');
  static override examples = ['<%= config.bin %> <%= command.id %> api'];

  async run(): Promise<{ services: readonly ClearedService[] }> {
    const { args, flags } = await this.parse(ClearLogs);
    const names = args.names ?? [];
    const { dir: projectDir } = await this.findProject(flags);
    const services = await clearLogs(this.host.candle(), { projectDir, names });
    for (const { name, cleared } of services) if (cleared) this.log(`Cleared the logs of '${name}'`);
    if (services.every(({ cleared }) => !cleared))
      this.log(names.length === 1 ? `Service '${names[0]}' has no logs to clear` : 'There are no logs to clear');
    return { services };
  }
}
