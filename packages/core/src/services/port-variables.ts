import { findVariablePrefix } from '../config/service-fields.ts';
import { listRequestedPorts } from '../ports/port-preference.ts';
import type { Reservation } from '../reservations/reservation.ts';
import { findUrl, type PortNaming } from './service-url.ts';

/** A variable that gives a port or its URL to all services of the project. */
export interface PortVariable {
  readonly name: string;
  readonly value: string;
  /** The service or the port that it is about: the name of the reservation. */
  readonly serviceName: string;
}

const noNaming: PortNaming = { services: [], ports: [] };

/**
 * The variables that all services of a project get: `<SERVICE>_PORT` and `<SERVICE>_URL` for each service, `<SERVICE>_<VARIABLE>`
 * for its further ports, and those of the entries of `ports`. If two names result in the same variable, the configured one
 * wins, or else the one with the older reservation. Pure.
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
  for (const { name: serviceName, port } of ordered) {
    for (const { name, value } of variablesOf(serviceName, port, config)) {
      if (byName.has(name)) continue;
      byName.set(name, value === undefined ? undefined : { name, value, serviceName });
    }
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
}

function variablesOf(name: string, reserved: number | undefined, config: PortNaming): readonly Candidate[] {
  const { serviceName, variable } = listRequestedPorts(config).find((one) => one.name === name) ?? {};
  const service = config.services.find((one) => one.name === name);
  const entry = config.ports.find((one) => one.name === name);
  const port = service?.port === null ? undefined : reserved;
  const value = port === undefined ? undefined : String(port);
  const prefix = findVariablePrefix(serviceName ?? name);
  if (variable !== undefined) return prefix === undefined ? [] : [{ name: `${prefix}_${variable}`, value }];
  const usual = prefix === undefined ? [] : [`${prefix}_PORT`];
  return [
    ...(entry?.portEnv ?? usual).map((portEnv) => ({ name: portEnv, value })),
    ...(prefix === undefined ? [] : [{ name: `${prefix}_URL`, value: findUrl(service ?? entry ?? { name }, port) }]),
  ];
}
