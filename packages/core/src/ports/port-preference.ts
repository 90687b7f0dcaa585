/** The port that a configuration requests while there is no reservation. */
export type PortPreference =
  /** The next free port, as `reserve-port` assigns it. */
  | { readonly kind: 'auto' }
  /** This port, 1024 to 65535; if it is not available, the next free port after it. */
  | { readonly kind: 'preferred'; readonly port: number }
  /** This port, 1024 to 65535, or none. */
  | { readonly kind: 'strict'; readonly port: number };

/** Only root can listen on lower ports. */
export const minPreferredPort = 1024;

/** A further port of a service. */
export interface FurtherPort {
  /** The variable that contains it, in the service itself. */
  readonly variable: string;
  readonly port: PortPreference;
}

/** The port of a program that Candle does not start. Its reservation has the same name. */
export interface PortEntry {
  readonly name: string;
  readonly port: PortPreference;
  /** The variables that contain it, in all services; can be empty. */
  readonly portEnv: readonly string[];
  /** The URL that the services get; can contain the template `${port}`. */
  readonly url?: string;
}

/** What a service's configuration says about its ports. */
export interface ServicePorts {
  readonly name: string;
  /** Null: only further ports are reserved for the service. */
  readonly port?: PortPreference | null;
  readonly ports: readonly FurtherPort[];
}

/** A port that a configuration requests. */
export interface RequestedPort {
  /** The name of its reservation. */
  readonly name: string;
  readonly port: PortPreference;
  /** The service that gets the port; null for a program that Candle does not start. */
  readonly serviceName: string | null;
  /** Of a further port: the variable that contains it, in the service itself. */
  readonly variable?: string;
}

/** The name of the reservation of a further port: `web.HMR_PORT`. */
export function furtherPortName(serviceName: string, variable: string): string {
  return `${serviceName}.${variable}`;
}

/** The ports that a service requests: its own, if its configuration has one, then its further ports. */
export function portsOfService({ name, port, ports }: ServicePorts): readonly RequestedPort[] {
  return [
    ...(port == null ? [] : [{ name, port, serviceName: name }]),
    ...ports.map((further) => ({
      ...further,
      name: furtherPortName(name, further.variable),
      serviceName: name,
    })),
  ];
}

/** The ports in a configuration; undefined without one. */
type ConfiguredPorts = { readonly services: readonly ServicePorts[]; readonly ports: readonly PortEntry[] } | undefined;

/** All ports that a configuration requests. */
export function listRequestedPorts(config: ConfiguredPorts): readonly RequestedPort[] {
  if (config === undefined) return [];
  const entries = config.ports.map(({ name, port }) => ({ name, port, serviceName: null }));
  return [...config.services.flatMap(portsOfService), ...entries];
}

/** Whether a reservation with this name can be for a port of the service. Further ports are certain only from the configuration. */
export function mayBePortOf(serviceName: string, name: string): boolean {
  return name === serviceName || name.startsWith(furtherPortName(serviceName, ''));
}

/** The service that gets a reserved port, by the name of the reservation; null for a program that Candle does not start. */
export function ownerOfPort(config: ConfiguredPorts, name: string): string | null {
  const requested = listRequestedPorts(config).find((one) => one.name === name);
  return requested === undefined ? name : requested.serviceName;
}

/** What a reservation is for. `program`: one that Candle does not start. */
export type PortPurpose = 'project' | 'service' | 'further-port' | 'program';

/** Decides from the name of a reservation. One that is not configured is for the service of that name. */
export function purposeOfPort(config: ConfiguredPorts, name: string | null): PortPurpose {
  if (name === null) return 'project';
  const requested = listRequestedPorts(config).find((one) => one.name === name);
  if (requested?.serviceName === null) return 'program';
  const isFurther = config?.services.some((service) => service.name !== name && mayBePortOf(service.name, name));
  return requested?.variable !== undefined || isFurther ? 'further-port' : 'service';
}

/**
 * Ports that may have a listener when they are reserved. On the preferred port of a program that Candle does not start, it is
 * most likely that program.
 */
export function expectedListeners({ serviceName, port }: RequestedPort): readonly number[] {
  return serviceName === null && port.kind !== 'auto' ? [port.port] : [];
}
