import { advise, candle, type Hint, lines } from '@candle/core/errors';
import { Args } from '@oclif/core';
import { namedFlag } from '../base-commands/flags.ts';
import { OwnProjectCommand } from '../host/own-command.ts';

export default class Url extends OwnProjectCommand {
  static override summary = 'Print the URL of a service.';
  static override description =
    'The URL is the one at which the service is reached. It begins with https if a readiness check by HTTP has found out that the service uses TLS. A service that is not running has the URL of its reserved port. Without NAME, prints the name, a tab and the URL of everything in the project that has one. Exits with 1 if NAME has no URL, and with 0 if nothing in the project has one.';
  static override args = {
    name: Args.string({
      ignoreStdin: true,
      description: 'A service, or another name with a reserved port. If omitted, all that have a URL.',
    }),
  };
  static override flags = namedFlag;
  static override examples = [
    '<%= config.bin %> <%= command.id %> web',
    '<%= config.bin %> <%= command.id %> web --named',
    'curl "$(<%= config.bin %> <%= command.id %> api)/health"',
  ];

  async run() {
    const { args, flags } = await this.parse(Url);
    const { dir } = await this.findProject(flags);
    const { url, urlsDocument, supervision } = await this.supervise();
    const found = await url(supervision, { projectDir: dir, name: args.name, isNamed: flags.named });
    for (const { name, url, browserUrl } of found) {
      const shown = flags.named ? (browserUrl ?? url) : url;
      this.log(args.name === undefined ? `${name}\t${shown}` : shown);
    }
    if (found.length === 0) this.note(renderNothing(flags.named));
    return urlsDocument(found);
  }
}

function renderNothing(isNamed: boolean): Hint {
  if (isNamed) return 'Nothing in this project has a URL that begins with http://localhost';
  return lines(
    'Nothing in this project has a URL. A service gets one with a reserved port, or with "url" in .candle.json',
    advise('To reserve the ports of the services and start them', candle('start')),
    advise('To see why a service has no URL', candle('url', 'NAME')),
  );
}
