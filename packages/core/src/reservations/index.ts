export { ServiceNeverGetsPortError } from './errors.ts';
export { getOrReservePort } from './get-or-reserve-port.ts';
export { getReservedPort } from './get-reserved-port.ts';
export { movePorts, type PortMove } from './move-ports.ts';
export { releasePorts } from './release-ports.ts';
export type { Reservation, StartVerb } from './reservation.ts';
export {
  claimedPortDocument,
  describeFallback,
  fallbackReason,
  releasedPortsDocument,
  reservedPortDocument,
} from './reservation-document.ts';
export { reserveConfiguredPorts, withNewReservations } from './reserve-configured-ports.ts';
export { reservePort } from './reserve-port.ts';
