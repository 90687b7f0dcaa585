import type { PortEntry, ServicePorts } from '../ports/port-preference.ts';
import { isDataStoreName, runsDataStore } from '../programs/data-stores.ts';
import { fillTemplate, referencesIn } from './templates/parse-template.ts';

/** A service, an entry of `ports`, or the name of a reservation that is not configured. */
export interface Addressed {
  readonly name: string;
  readonly shell?: string;
  readonly ready?: { readonly kind: string };
  /** The URL in the configuration; can contain the template `${port}`. */
  readonly url?: string;
}

/** What a configuration says about ports and URLs. */
export interface PortNaming {
  readonly services: readonly (ServicePorts & Addressed)[];
  /** Ports of programs that Candle does not start. */
  readonly ports: readonly PortEntry[];
}

/** The URL of a web server that listens on a port. `localhost` can be an IPv4 or an IPv6 address of this machine. */
export function serviceUrl(port: number): string {
  return `http://localhost:${port}`;
}

/**
 * Whether a service can be assumed to speak HTTP on its port. Not if its readiness is checked by other means than HTTP or its
 * port, or if its name or command says that it is a database or a broker. Pure.
 */
function speaksHttp({ name, shell = '', ready = { kind: 'reserved-port' } }: Addressed): boolean {
  if (ready.kind === 'http') return true;
  if (ready.kind !== 'reserved-port' && ready.kind !== 'none') return false;
  return !isDataStoreName(name) && !runsDataStore(shell);
}

/** Whether other services can get a URL at all, with or without a port. Pure. */
export function hasUrl(addressed: Addressed): boolean {
  return addressed.url !== undefined || speaksHttp(addressed);
}

/** The URL that other services get; undefined if it needs a port and there is none, or if the protocol is unknown. Pure. */
export function findUrl(addressed: Addressed, port: number | undefined): string | undefined {
  const { url } = addressed;
  if (url === undefined) return port !== undefined && speaksHttp(addressed) ? serviceUrl(port) : undefined;
  if (port === undefined && referencesIn(url).length > 0) return undefined;
  return fillTemplate(url, () => String(port));
}
