import type { Candle } from '../candle.ts';
import { portSettingsOf } from '../config/read-config.ts';
import { parseServiceName } from '../config/service-fields.ts';
import { claimPort, type PortClaim } from '../ports/claim-port.ts';
import { ServiceNeverGetsPortError } from './errors.ts';

/**
 * The reservation of a service, created if there is none. All concurrent calls for a service get the same port.
 * @throws InvalidServiceNameError, ServiceNeverGetsPortError, PortNotAvailableError, PortRangeExhaustedError, PortProbeFailedError
 */
export async function getOrReservePort(
  candle: Candle,
  request: { projectDir: string; serviceName: string },
): Promise<PortClaim> {
  parseServiceName(request.serviceName);
  const reservation = await candle.store.reservations.find(request.projectDir, request.serviceName);
  if (reservation) return { reservation, isNew: false, isNewProject: false };
  const { projectDir, serviceName } = request;
  const { preference, ...settings } = portSettingsOf(await candle.readConfig(projectDir), serviceName);
  if (preference === null) throw new ServiceNeverGetsPortError(serviceName, projectDir);
  return claimPort(candle, { ...request, ...settings, preference });
}
