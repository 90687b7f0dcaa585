import type { Candle } from '../candle.ts';
import type { PortWish } from '../ports/port-wish.ts';
import type { Reservation } from './reservation.ts';

export interface MovePortsRequest {
  readonly projectDir: string;
  readonly services: readonly { readonly name: string; readonly port?: PortWish | undefined }[];
  /** Of the configuration. */
  readonly excludedPorts?: readonly number[] | undefined;
}

export interface PortMove {
  /** Undefined when the service had none. */
  readonly from: Reservation | undefined;
  readonly to: Reservation;
}

/**
 * Gives other numbers to the named services, all of them in one step, in their order.
 * @throws PortNotMovableError for a strict service that has its number, PortNotAvailableError, NoReservedPortError for one
 * that has no reservation and asks for none, PortRangeExhaustedError, PortProbeFailedError: then nothing has changed
 */
export function movePorts(_candle: Candle, _request: MovePortsRequest): Promise<readonly PortMove[]> {
  throw new Error('not yet');
}
