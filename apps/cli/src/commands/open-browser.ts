import { Args } from '@oclif/core';
import { ServiceCommand } from '../services/service-command.ts';

export default class OpenBrowser extends ServiceCommand {
  static override summary = 'Open a service in the browser, or print its URL where there is no display.';
  static override description =
    'The page is that of its reserved port when it listens on that, else of the lowest port it listens on.';
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description: 'Service to open; left out, the only one of the project that listens on a port.',
    }),
  };
  static override examples = ['<%= config.bin %> <%= command.id %>', '<%= config.bin %> <%= command.id %> web'];

  async run() {
    const { args, flags } = await this.parse(OpenBrowser);
    const { dir } = await this.findServiceProject(flags);
    const { openBrowser, supervision } = await this.supervise();
    const { serviceName, url, opened, hindrance, otherPorts } = await openBrowser(supervision, {
      projectDir: dir,
      name: args.name,
    });
    this.log(url);
    if (otherPorts.length > 0) {
      this.note(`The lowest port of '${serviceName}', which listens on ${otherPorts.join(', ')} too`);
    }
    if (hindrance === 'noDisplay') this.note('There is no display here to open it on');
    if (hindrance === 'noBrowser') this.note('The system has found no browser to open it with');
    return { url, opened };
  }
}
