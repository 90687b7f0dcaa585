import type { Candle } from '../candle.ts';
import { parseServiceName } from '../config/service-fields.ts';
import { portReleased } from '../events/events.ts';
import { listRequestedPorts, mayBePortOf } from '../ports/port-preference.ts';
import { PortNotReservedHereError } from './errors.ts';
import { noReservedPort } from './get-reserved-port.ts';
import type { Reservation } from './reservation.ts';

/** If nothing is given, all ports of the project are released. */
export interface ReleasedPorts {
  readonly projectDir: string;
  /** A service, or the name of one reservation. */
  readonly serviceName?: string | undefined;
  readonly port?: number | undefined;
}

/**
 * Releases the port of a service together with the further ports in its configuration, one port by the name of its reservation
 * or by number, or all ports of the project. Running services are not stopped.
 * @throws InvalidServiceNameError, NoReservedPortError if the service has no reservation, PortNotReservedHereError if the
 * port is not reserved by this project
 */
export async function releasePorts(
  candle: Candle,
  { projectDir, serviceName, port }: ReleasedPorts,
): Promise<readonly Reservation[]> {
  if (serviceName !== undefined) parseServiceName(serviceName);
  const names = serviceName === undefined ? undefined : await namesOf(candle, projectDir, serviceName);
  const released = await candle.store.reservations.release({ projectDir, names, port });
  const nowMs = candle.clock.nowMs();
  for (const reservation of released) candle.announce(portReleased(reservation, nowMs));
  if (released.length > 0) return released;
  // A name of only digits was probably meant as a port.
  const number = port ?? (/^\d{1,5}$/.test(serviceName ?? '') ? Number(serviceName) : undefined);
  const owner = number === undefined ? undefined : await candle.store.reservations.findByPort(number);
  if (number !== undefined && owner?.projectDir !== projectDir) {
    throw new PortNotReservedHereError(number, projectDir, owner);
  }
  if (serviceName !== undefined) throw await noReservedPort(candle, projectDir, serviceName, owner);
  return [];
}

/** The names of a service's reservations. Without a usable configuration, only its own. */
async function namesOf(candle: Candle, projectDir: string, serviceName: string): Promise<readonly string[]> {
  const reserved = (await candle.store.reservations.list(projectDir)).flatMap((one) => one.serviceName ?? []);
  // Reading the configuration takes longer than everything else here.
  if (!reserved.some((name) => name !== serviceName && mayBePortOf(serviceName, name))) return [serviceName];
  const requested = listRequestedPorts((await candle.readConfig(projectDir)).config);
  const ofService = requested.filter((one) => one.serviceName === serviceName).map(({ name }) => name);
  return [...new Set([serviceName, ...ofService])];
}
