export type { PortClaim } from './claim-port.ts';
export { PortNotAvailableError } from './errors.ts';
export {
  furtherPortName,
  listRequestedPorts,
  mayBePortOf,
  minPreferredPort,
  ownerOfPort,
  type PortEntry,
  portsOfService,
  type RequestedPort,
} from './port-preference.ts';
export { parsePort, parsePortOrAuto, reservablePortHint } from './port-range.ts';
