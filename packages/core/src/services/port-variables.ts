import { findVariablePrefix } from '../config/service-fields.ts';
import { listRequestedPorts } from '../ports/port-preference.ts';
import type { Reservation } from '../reservations/reservation.ts';
import { browserUrlsOf, type FindBrowserUrl, findUrl, type PortNaming } from './service-url.ts';

/** A variable that gives a port or its URL to all services of the project. */
export interface PortVariable {
  readonly name: string;
  readonly value: string;
  /** The service or the port that it is about: the name of the reservation. */
  readonly serviceName: string;
}

const noNaming: PortNaming = { services: [], ports: [] };

/**
 * The variables that all services of a project get: `<SERVICE>_PORT`, `<SERVICE>_URL` and `<SERVICE>_BROWSER_URL` for each service,
 * `<SERVICE>_<VARIABLE>` for its further ports, and those of the entries of `ports`. If two names result in the same variable, the
 * configured one wins, or else the one with the older reservation. Pure.
 */
export function portVariables(
  reservations: readonly Reservation[],
  config: PortNaming = noNaming,
): readonly PortVariable[] {
  const configured = new Set([...config.services, ...config.ports].map(({ name }) => name));
  const reserved = reservations
    .toSorted((a, b) => a.reservedAtMs - b.reservedAtMs || a.port - b.port)
    .flatMap(({ serviceName: name, port }) => (name === null || isRemoved(name, config) ? [] : [{ name, port }]));
  const names = new Set(reserved.map(({ name }) => name));
  const unreserved = [...configured].filter((name) => !names.has(name)).map((name) => ({ name, port: undefined }));
  const isConfigured = ({ name }: { name: string }) => configured.has(name);
  const ordered = [...reserved, ...unreserved].toSorted((a, b) => Number(isConfigured(b)) - Number(isConfigured(a)));
  const byName = new Map<string, PortVariable | undefined>();
  const findBrowserUrl = browserUrlsOf(config);
  const candidates = ordered.flatMap(({ name, port }) => variablesOf(name, port, { config, findBrowserUrl }));
  // The URL of a service `web-browser` takes precedence over the browser URL of `web`.
  for (const { name, value, serviceName } of candidates.toSorted((a, b) => Number(a.isLast) - Number(b.isLast))) {
    if (byName.has(name)) continue;
    byName.set(name, value === undefined ? undefined : { name, value, serviceName });
  }
  return [...byName.values()].filter((variable) => variable !== undefined);
}

/** Whether this is the reservation of a further port that its service no longer has. */
function isRemoved(name: string, config: PortNaming): boolean {
  const isConfigured = [...config.services, ...config.ports].some((one) => one.name === name);
  const isOfService = config.services.some((service) => name.startsWith(`${service.name}.`));
  return isOfService && !isConfigured && !listRequestedPorts(config).some((one) => one.name === name);
}

/** A variable without a value is not set, and prevents that a similar name sets it. */
interface Candidate {
  readonly name: string;
  readonly value: string | undefined;
  readonly serviceName: string;
  /** Any other variable with this name takes precedence. */
  readonly isLast: boolean;
}

function variablesOf(
  reservedName: string,
  reserved: number | undefined,
  { config, findBrowserUrl }: { config: PortNaming; findBrowserUrl: FindBrowserUrl },
): readonly Candidate[] {
  const { serviceName, variable } = listRequestedPorts(config).find((one) => one.name === reservedName) ?? {};
  const service = config.services.find((one) => one.name === reservedName);
  const entry = config.ports.find((one) => one.name === reservedName);
  const port = service?.port === null ? undefined : reserved;
  const prefix = findVariablePrefix(serviceName ?? reservedName);
  const candidate = (name: string, value: string | undefined, isLast = false) =>
    ({ name, value, serviceName: reservedName, isLast }) satisfies Candidate;
  const portText = port === undefined ? undefined : String(port);
  if (variable !== undefined) return prefix === undefined ? [] : [candidate(`${prefix}_${variable}`, portText)];
  const ofPort = entry?.portEnv ?? (prefix === undefined ? [] : [`${prefix}_PORT`]);
  const url = findUrl(service ?? entry ?? { name: reservedName }, port);
  const ofUrl =
    prefix === undefined
      ? []
      : [candidate(`${prefix}_URL`, url), candidate(`${prefix}_BROWSER_URL`, findBrowserUrl(reservedName, url), true)];
  return [...ofPort.map((name) => candidate(name, portText)), ...ofUrl];
}
