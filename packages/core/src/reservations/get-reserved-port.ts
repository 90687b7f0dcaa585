import type { Candle } from '../candle.ts';
import { nearestName } from '../config/nearest-name.ts';
import { parseServiceName } from '../config/service-fields.ts';
import { NoReservedPortError } from './errors.ts';
import type { Reservation } from './reservation.ts';

/**
 * The reservation of a service.
 * @throws InvalidServiceNameError, NoReservedPortError
 */
export async function getReservedPort(
  candle: Candle,
  { projectDir, serviceName }: { projectDir: string; serviceName: string },
): Promise<Reservation> {
  parseServiceName(serviceName);
  const reservation = await candle.store.reservations.find(projectDir, serviceName);
  if (!reservation) throw await noReservedPort(candle, projectDir, serviceName);
  return reservation;
}

/**
 * The error, with the most similar service name that has a reservation.
 * @param meant the reservation whose port was given as the name
 */
export async function noReservedPort(
  candle: Candle,
  projectDir: string,
  serviceName: string,
  meant?: Reservation,
): Promise<NoReservedPortError> {
  const known = (await candle.store.reservations.list(projectDir)).flatMap((other) => other.serviceName ?? []);
  return new NoReservedPortError(serviceName, projectDir, nearestName(serviceName, known), meant);
}
