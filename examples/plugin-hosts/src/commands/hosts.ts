import { Flags, ProjectCommand } from '@candle/cli-kit';
import { NothingReservedError } from '../errors.ts';
import { type HostsOfProject, listHosts } from '../list-hosts.ts';
import { parseDomain } from '../parse-domain.ts';
import { renderCaddy } from '../render-caddy.ts';
import { renderNginx } from '../render-nginx.ts';

const renderers = { caddy: renderCaddy, nginx: renderNginx };

/** The default port of http URLs, which is omitted from them. */
const defaultPort = 80;

export default class Hosts extends ProjectCommand {
  static override summary =
    'Print a reverse-proxy configuration with a host name for each service that has a reserved port.';
  static override description =
    'Services do not have to be running, because their ports do not change. WebSockets and streams are supported. By default, host names end in .localhost, which browsers and most systems resolve to this machine without further setup.';
  static override flags = {
    format: Flags.option({
      options: ['caddy', 'nginx'] as const,
      default: 'caddy',
      summary: 'Proxy to print the configuration for.',
    })(),
    domain: Flags.string({
      default: 'localhost',
      helpValue: 'DOMAIN',
      summary: 'Domain at the end of the host names.',
    }),
    listen: Flags.integer({
      default: defaultPort,
      min: 1,
      max: 65535,
      helpValue: 'PORT',
      summary: 'Port that the proxy listens on.',
    }),
    all: Flags.boolean({
      summary: 'Include all projects, and add project names to the host names.',
    }),
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
    const port = flags.listen === defaultPort ? '' : `:${flags.listen}`;
    return {
      hosts: hosts.map((host) => ({ ...host, url: `http://${host.host}${port}/` })),
      format: flags.format,
      config,
    };
  }

  private noteHostless(hostless: HostsOfProject['hostless']): void {
    if (hostless.length === 0) return;
    const names = hostless.map((name) => `'${name}'`).join(', ');
    this.note(`Omitted because no port is reserved: ${names} (candle reserve-port NAME)`);
  }
}
