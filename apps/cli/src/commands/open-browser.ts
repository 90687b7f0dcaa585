import { Args } from '@oclif/core';
import { namedFlag } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class OpenBrowser extends OwnProjectCommand {
  static override aliases = ['open'];
  static override summary = 'Open a service in the browser, or only print its URL if there is no display.';
  static override description =
    'Opens the reserved port if the service listens on it, otherwise the lowest port that it listens on.';
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description: 'Service to open. If omitted, the only service of the project that listens on a port.',
    }),
  };
  static override flags = namedFlag;
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> web',
    '<%= config.bin %> <%= command.id %> web --named',
  ];

  async run() {
    const { args, flags } = await this.parse(OpenBrowser);
    const { dir } = await this.findProject(flags);
    const { openBrowser, supervision } = await this.supervise();
    const { serviceName, url, opened, hindrance, otherPorts } = await openBrowser(supervision, {
      projectDir: dir,
      name: args.name,
      isNamed: flags.named,
    });
    this.log(url);
    if (otherPorts.length > 0) {
      this.note(`This is the lowest port of '${serviceName}', which also listens on ${otherPorts.join(', ')}`);
    }
    if (hindrance === 'noDisplay') this.note('No browser was opened because there is no display');
    if (hindrance === 'noBrowser') this.note('The system found no browser to open it with');
    return { url, opened };
  }
}
