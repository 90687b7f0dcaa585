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
  /** By project, then by name. */
  readonly hosts: readonly Host[];
  /** Services without a reserved port. */
  readonly hostless: readonly string[];
}

/**
 * A host name for each service that has a reserved port. Of names that come to be the same, the one with the lowest port
 * has it, and the others have their port in theirs, so that none changes when a service is added.
 */
export function listHosts(
  reservations: readonly ReservedPortDocument[],
  services: readonly Pick<ServiceDocument, 'name' | 'projectDir'>[],
  { domain, withProject }: { domain: string; withProject: boolean },
): HostsOfProject {
  const taken = new Set<string>();
  const hosts = reservations
    .flatMap(({ serviceName, ...same }) => (serviceName === null ? [] : [{ serviceName, ...same }]))
    .toSorted((a, b) => a.port - b.port)
    .map(({ port, serviceName, projectDir }): Host => {
      const service = hostLabel(serviceName) ?? `port-${port}`;
      const project = withProject ? [hostLabel(basename(projectDir)) ?? 'project'] : [];
      const wanted = [service, ...project, domain].join('.');
      const host = taken.has(wanted) ? [`port-${port}`, ...project, domain].join('.') : wanted;
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
