import type { Candle } from '../candle.ts';
import { parseServiceName } from '../config/service-fields.ts';
import { portReleased } from '../events/events.ts';
import type { ReservationSelection } from '../store/reservation-store.ts';
import { PortNotReservedHereError } from './errors.ts';
import { noReservedPort } from './get-reserved-port.ts';
import type { Reservation } from './reservation.ts';

/**
 * Releases the port of one service, one port by number, or (with neither given) all ports of the project. Running services
 * are not stopped.
 * @throws InvalidServiceNameError, NoReservedPortError if the service has no reservation, PortNotReservedHereError if the
 * port is not reserved by this project
 */
export async function releasePorts(candle: Candle, selection: ReservationSelection): Promise<readonly Reservation[]> {
  const { projectDir, serviceName, port } = selection;
  if (serviceName !== undefined) parseServiceName(serviceName);
  const released = await candle.store.reservations.release(selection);
  const nowMs = candle.clock.nowMs();
  for (const reservation of released) candle.announce(portReleased(reservation, nowMs));
  if (released.length > 0) return released;
  if (serviceName !== undefined) throw await noReservedPort(candle, projectDir, serviceName);
  if (port !== undefined) {
    throw new PortNotReservedHereError(port, projectDir, await candle.store.reservations.findByPort(port));
  }
  return [];
}
