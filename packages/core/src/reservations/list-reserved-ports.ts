import type { Candle } from '../candle.ts';
import type { Reservation } from './reservation.ts';

/** The reservations of a project, or (none named) of every project of this state directory; newest first. */
export function listReservedPorts(
  candle: Candle,
  { projectDir }: { projectDir?: string | undefined },
): Promise<readonly Reservation[]> {
  return candle.store.reservations.list(projectDir);
}
