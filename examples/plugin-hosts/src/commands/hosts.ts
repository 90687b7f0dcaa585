import { Flags, ProjectCommand } from '@candle/cli-kit';
import { NothingReservedError } from '../errors.ts';
import { type HostsOfProject, listHosts } from '../list-hosts.ts';
import { parseDomain } from '../parse-domain.ts';
import { renderCaddy } from '../render-caddy.ts';
import { renderNginx } from '../render-nginx.ts';

const renderers = { caddy: renderCaddy, nginx: renderNginx };

/** What the URL of a host is without, when the proxy listens on it. */
const usualPort = 80;

export default class Hosts extends ProjectCommand {
  static override summary = 'Print a reverse-proxy configuration: a host name for each service with a reserved port.';
  static override description =
    'Services need not run: their ports stay the same. Web sockets and streams pass. Names end in .localhost, which browsers and most systems take for this machine without any further setup.';
  static override flags = {
    format: Flags.option({
      options: ['caddy', 'nginx'] as const,
      default: 'caddy',
      summary: 'Which proxy it is for.',
    })(),
    domain: Flags.string({ default: 'localhost', helpValue: 'DOMAIN', summary: 'What the host names end in.' }),
    listen: Flags.integer({
      default: usualPort,
      min: 1,
      max: 65535,
      helpValue: 'PORT',
      summary: 'Port that the proxy listens on.',
    }),
    all: Flags.boolean({ summary: 'Of every project of this state directory; their names stand in the host names.' }),
  };
  static override examples = [
    '<%= config.bin %> <%= command.id %> > Caddyfile && caddy run',
    '<%= config.bin %> <%= command.id %> --format nginx > /etc/nginx/conf.d/candle.conf',
    '<%= config.bin %> <%= command.id %> --all --listen 8080',
  ];

  async run() {
    const { flags } = await this.parse(Hosts);
    const domain = parseDomain(flags.domain, this.id);
    const project = await this.findProjectUnlessAll(flags, { allowNew: false });
    const reserved = await this.host.reservations.listReservedPorts({ projectDir: project?.dir });
    const { services } = await this.host.services.list({ projectDir: project?.dir });
    const { hosts, hostless } = listHosts(reserved.ports, services, { domain, withProject: flags.all });
    if (hosts.length === 0) throw new NothingReservedError(project?.dir, hostless);

    const config = renderers[flags.format]({ hosts, listenPort: flags.listen });
    this.log(config.trimEnd());
    this.noteHostless(hostless);
    const port = flags.listen === usualPort ? '' : `:${flags.listen}`;
    return {
      hosts: hosts.map((host) => ({ ...host, url: `http://${host.host}${port}/` })),
      format: flags.format,
      config,
    };
  }

  private noteHostless(hostless: HostsOfProject['hostless']): void {
    if (hostless.length === 0) return;
    const names = hostless.map((name) => `'${name}'`).join(', ');
    this.note(`Left out, as no port is reserved: ${names} (candle reserve-port NAME)`);
  }
}
