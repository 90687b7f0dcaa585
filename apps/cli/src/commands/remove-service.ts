import { removeService } from '@candle/core/config';
import { Args } from '@oclif/core';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class RemoveService extends OwnProjectCommand {
  static override summary = 'Remove a service from .candle.json, without stopping it.';
  static override args = {
    name: Args.string({ required: true, ignoreStdin: true, description: 'Name of the service.' }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %> api'];

  override readonly reportsConfig = true;

  async run() {
    const { args, flags } = await this.parse(RemoveService);
    const { dir } = await this.findProject(flags, { requireDirectory: true });
    const { path } = await removeService(this.host.trust, dir, args.name);
    this.log(`Removed service '${args.name}' from ${path}`);
    return { name: args.name, path };
  }
}
