import { basename } from 'node:path';
import type { ReservedPortDocument, ServiceDocument } from '@candle/cli-kit';
import { hostLabel } from './host-label.ts';

export interface Host {
  /** `api.localhost` */
  readonly host: string;
  readonly port: number;
  readonly serviceName: string;
  readonly projectDir: string;
}

export interface HostsOfProject {
  /** Sorted by project, then by host. */
  readonly hosts: readonly Host[];
  /** Services without a reserved port. */
  readonly hostless: readonly string[];
}

/**
 * Assigns a host name to each service that has a reserved port. If several services would get the same name, the one
 * with the lowest port gets it and the others get names with their port, so that no name changes when a service is
 * added.
 */
export function listHosts(
  reservations: readonly ReservedPortDocument[],
  services: readonly Pick<ServiceDocument, 'name' | 'projectDir'>[],
  { domain, withProject }: { domain: string; withProject: boolean },
): HostsOfProject {
  const taken = new Set<string>();
  const hosts = reservations
    .flatMap(({ serviceName, ...rest }) => (serviceName === null ? [] : [{ serviceName, ...rest }]))
    .toSorted((a, b) => a.port - b.port)
    .map(({ port, serviceName, projectDir }): Host => {
      const service = hostLabel(serviceName) ?? `port-${port}`;
      const project = withProject ? [hostLabel(basename(projectDir)) ?? 'project'] : [];
      const preferred = [service, ...project, domain].join('.');
      const host = taken.has(preferred) ? [`port-${port}`, ...project, domain].join('.') : preferred;
      taken.add(host);
      return { host, port, serviceName, projectDir };
    })
    .toSorted((a, b) => compare(a.projectDir, b.projectDir) || compare(a.host, b.host));
  const hostless = services
    .filter(
      ({ name, projectDir }) => !hosts.some((host) => host.serviceName === name && host.projectDir === projectDir),
    )
    .map(({ name }) => name);
  return { hosts, hostless };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
