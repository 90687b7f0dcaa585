import type { PortEntry, ServicePorts } from '../ports/port-preference.ts';
import { isDataStoreName, runsDataStore, usesDataStore } from '../programs/data-stores.ts';
import { sha1 } from '../system/sha1.ts';
import { fillTemplate, referencesIn } from './templates/parse-template.ts';

/** A service, an entry of `ports`, or the name of a reservation that is not configured. */
export interface Addressed {
  readonly name: string;
  readonly shell?: string;
  readonly ready?: { readonly kind: string; readonly target?: string; readonly shell?: string };
  /** The URL in the configuration; can contain the template `${port}`. */
  readonly url?: string;
  /** Its readiness check needed TLS; see `RunDir.tls`. */
  readonly usesTls?: boolean;
}

/** What is known about the ports and URLs of a project. */
export interface PortNaming {
  readonly services: readonly (ServicePorts & Addressed)[];
  /** Ports of programs that Candle does not start. */
  readonly ports: readonly PortEntry[];
  /** All names in the database, so that each one has its own host name, even if it is not configured any more. */
  readonly known?: readonly string[];
  /** What the host names of its services end with, such as `fix-login.shop.localhost`; see `readBrowserDomain`. */
  readonly domain?: string;
}

/** The URL of a web server that listens on a port. `localhost` can be an IPv4 or an IPv6 address of this machine. */
export function serviceUrl(port: number, scheme: 'http' | 'https' = 'http'): string {
  return `${scheme}://localhost:${port}`;
}

/**
 * Why a service cannot be assumed to speak HTTP on its port, as a clause; undefined if it can be. Only its name,
 * its command and its readiness check can say so. Pure.
 */
export function findOtherProtocol({
  name,
  shell = '',
  ready = { kind: 'reserved-port' },
}: Addressed): string | undefined {
  if (ready.kind === 'http') return undefined;
  if (ready.kind.startsWith('port')) return 'its readiness check names a port';
  if (isDataStoreName(name)) return 'its name is that of a database or broker';
  if (runsDataStore(shell)) return 'its command runs a database or broker';
  if (usesDataStore(ready.shell ?? '')) return 'its readiness check runs a client of a database or broker';
  return undefined;
}

function speaksHttp(addressed: Addressed): boolean {
  return findOtherProtocol(addressed) === undefined;
}

/** Whether other services can get a URL at all, with or without a port. Pure. */
export function hasUrl(addressed: Addressed): boolean {
  return addressed.url !== undefined || speaksHttp(addressed);
}

/** Whether the readiness check is a page on the reserved port, for which it tries TLS too. Pure. */
export function mayUseTls({ ready }: Pick<Addressed, 'ready'>): boolean {
  return ready?.kind === 'http' && ready.target?.startsWith('/') === true;
}

const loopbackHost = /^(?:(?:.+\.)?localhost|127\.[\d.]+|\[::1\])$/;

/** `https` if its readiness check has needed TLS, or is an `https:` URL of this port. Pure. */
function schemeOf({ name, ready, usesTls }: Addressed, port: number): 'http' | 'https' {
  if (usesTls) return 'https';
  if (ready?.kind !== 'http' || !ready.target?.startsWith('https:')) return 'http';
  const target = fillTemplate(ready.target, (reference) => {
    const isOwn = reference.kind === 'own-port' || (reference.kind === 'service' && reference.name === name);
    return isOwn ? String(port) : '';
  });
  const { hostname = '', port: checked } = URL.parse(target) ?? {};
  return loopbackHost.test(hostname) && checked === String(port) ? 'https' : 'http';
}

/** The URL that other services get; undefined if it needs a port and there is none, or if the protocol is unknown. Pure. */
export function findUrl(addressed: Addressed, port: number | undefined): string | undefined {
  const { url } = addressed;
  if (url === undefined)
    return port !== undefined && speaksHttp(addressed) ? serviceUrl(port, schemeOf(addressed, port)) : undefined;
  if (port === undefined && referencesIn(url).length > 0) return undefined;
  return fillTemplate(url, () => String(port));
}

/** The maximum length of a part of a host name (RFC 1035). */
const maxLabel = 63;
const hashLength = 8;

/** The text as a part of a host name: lower case letters and digits without accents, and single hyphens; can be empty. */
function plainLabel(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

function hashedLabel(plain: string, id: string): string {
  const beginning = plain.slice(0, maxLabel - 1 - hashLength).replace(/-$/, '');
  const end = sha1(id).slice(0, hashLength);
  return beginning === '' ? end : `${beginning}-${end}`;
}

/**
 * A part of a host name for each id, unique among them. A hash is added if the text is too long, or is empty without its special
 * characters, or if another id or one of `others` has the same label: an id that is already a label keeps it, or else the first
 * in alphabetical order. The order of the ids does not matter. Pure.
 */
export function labelsFor(
  ids: Iterable<string>,
  textOf: (id: string) => string = (id) => id,
  others: Iterable<string> = [],
): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  const taken = new Set(others);
  const sorted = [...new Set(ids)].map((id) => ({ id, plain: plainLabel(textOf(id)) })).toSorted(byPrecedence);
  for (const { id, plain } of sorted) {
    let label = plain;
    for (let salt = id; label === '' || label.length > maxLabel || taken.has(label); salt += '\0') {
      label = hashedLabel(plain, salt);
    }
    labels.set(id, label);
    taken.add(label);
  }
  return labels;
}

interface PlainId {
  readonly id: string;
  readonly plain: string;
}

function byPrecedence(one: PlainId, other: PlainId): number {
  const isExact = ({ id, plain }: PlainId) => Number(id === plain);
  return isExact(other) - isExact(one) || (one.id < other.id ? -1 : 1);
}

/** Returns the URL with a separate host name instead of `localhost`; undefined for other URLs. */
export type FindBrowserUrl = (name: string, url: string | undefined) => string | undefined;

const localUrl = /^(https?:\/\/)localhost(?=[:/?#]|$)/i;

/** Whether a browser reaches the URL under any name that ends with `.localhost` too. Pure. */
export function isLocalWebUrl(url: string): boolean {
  return localUrl.test(url);
}

/**
 * The names under which browsers reach the services of a project. A browser keeps cookies for each host, and not for each port.
 * The labels of configured names do not depend on other reservations. Pure.
 */
export function browserUrlsOf({ services, ports, known = [], domain }: PortNaming): FindBrowserUrl {
  const configured = labelsFor([...services, ...ports].map(({ name }) => name));
  const others = known.filter((name) => !configured.has(name));
  const labels = new Map([...configured, ...labelsFor(others, undefined, configured.values())]);
  const labelOf = (name: string) => {
    const plain = plainLabel(name);
    const isFree = plain === name && plain.length <= maxLabel && ![...labels.values()].includes(plain);
    return labels.get(name) ?? (isFree ? plain : hashedLabel(plain, name));
  };
  return (name, url) => {
    if (domain === undefined || url === undefined || !isLocalWebUrl(url)) return undefined;
    return url.replace(localUrl, (_, scheme: string) => `${scheme}${labelOf(name)}.${domain}`);
  };
}
