export type { PortClaim } from './claim-port.ts';
export { PortNotAvailableError } from './errors.ts';
export type { PortPreference } from './port-preference.ts';
export { parsePort, parsePortOrAuto, reservablePortHint } from './port-range.ts';
