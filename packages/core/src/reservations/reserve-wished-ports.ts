import type { Candle } from '../candle.ts';
import type { PortClaim } from '../ports/claim-port.ts';
import type { ServiceConfig } from '../services/config/service-config.ts';

export interface WishedPortsRequest {
  readonly projectDir: string;
  /** All services of the configuration, in its order. */
  readonly services: readonly Pick<ServiceConfig, 'name' | 'port'>[];
  /** Of the configuration. */
  readonly excludedPorts?: readonly number[] | undefined;
  /** Names of those that cannot do without: what is to be started, and what that refers to. */
  readonly needed: readonly string[];
}

export interface WishedPorts {
  /** New ones only, in the order in which they were made. */
  readonly claims: readonly PortClaim[];
  /** Services that are not needed, and why they have no port. */
  readonly failed: readonly { readonly serviceName: string; readonly error: unknown }[];
}

/**
 * Reserves a port for every service that wishes for one and has none, in one step for all processes; an existing
 * reservation stays, whatever its number.
 * @throws PortNotAvailableError, PortRangeExhaustedError, PortProbeFailedError for a service that is needed: then nothing is reserved
 */
export function reserveWishedPorts(_candle: Candle, _request: WishedPortsRequest): Promise<WishedPorts> {
  throw new Error('not yet');
}
