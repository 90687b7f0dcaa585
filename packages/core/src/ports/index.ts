export type { PortClaim } from './claim-port.ts';
export { PortNotAvailableError } from './errors.ts';
export type { PortObstacle } from './port-obstacle.ts';
export {
  furtherPortName,
  listRequestedPorts,
  mayBePortOf,
  minPreferredPort,
  ownerOfPort,
  type PortEntry,
  type PortPurpose,
  portsOfService,
  purposeOfPort,
  type RequestedPort,
} from './port-preference.ts';
export { parsePort, parsePortOrAuto, reservablePortHint } from './port-range.ts';
