import { ServiceCommand, serviceNames } from '../services/service-command.ts';

export default class CheckStart extends ServiceCommand {
  static override summary = 'Start the services that do not run and leave the rest as it is.';
  static override description = 'Safe to repeat, also many at once.';
  static override args = serviceNames('Services to check; left out, all that the configuration starts by itself.');
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> api'];

  async run() {
    const { args, flags } = await this.parse(CheckStart);
    const { dir } = await this.findServiceProject(flags);
    const { checkStart, supervision, onWaiting } = await this.supervise();
    return this.presentStarted(await checkStart(supervision, { projectDir: dir, names: args.names ?? [], onWaiting }));
  }
}
