import type { Candle } from '../candle.ts';
import { claimPort, type PortClaim, type PortClaimRequest } from '../ports/claim-port.ts';
import { parseServiceName } from '../services/config/service-name.ts';
import { ServiceAlreadyHasPortError } from './errors.ts';

/**
 * Reserves the next free port for a service, or for the project itself.
 * @throws InvalidServiceNameError, ServiceAlreadyHasPortError, PortRangeExhaustedError, PortProbeFailedError
 */
export async function reservePort(candle: Candle, request: PortClaimRequest): Promise<PortClaim> {
  if (request.serviceName !== undefined) parseServiceName(request.serviceName);
  const claim = await claimPort(candle, request);
  if (!claim.isNew && request.serviceName !== undefined) {
    throw new ServiceAlreadyHasPortError(request.serviceName, claim.reservation);
  }
  return claim;
}
