import type { Candle } from '../candle.ts';
import { portSettingsOf } from '../config/read-config.ts';
import { parseServiceName } from '../config/service-fields.ts';
import { claimPort, type PortClaim } from '../ports/claim-port.ts';
import { parsePort, requireUnprivileged, reservablePortHint } from '../ports/port-range.ts';
import { ServiceAlreadyHasPortError, ServiceNeverGetsPortError } from './errors.ts';

export interface ReservePortRequest {
  readonly projectDir: string;
  /** If omitted, a project-level port is reserved. */
  readonly serviceName?: string | undefined;
  /** 1024 to 65535: this port or none. If omitted, the configured port, or else the next free port. */
  readonly port?: number | undefined;
}

/**
 * Reserves a port for a service, or for the project itself.
 * @throws InvalidServiceNameError, InvalidPortError, PrivilegedPortError, ServiceAlreadyHasPortError, ServiceNeverGetsPortError,
 * PortNotAvailableError, PortRangeExhaustedError, PortProbeFailedError
 */
export async function reservePort(candle: Candle, request: ReservePortRequest): Promise<PortClaim> {
  const { projectDir, serviceName, port } = request;
  if (serviceName !== undefined) parseServiceName(serviceName);
  if (port !== undefined) requireUnprivileged(parsePort(String(port), reservablePortHint));
  const settings = portSettingsOf(await candle.readConfig(projectDir), serviceName);
  if (settings.preference === null) throw new ServiceNeverGetsPortError(serviceName ?? '', projectDir);
  const preference = port === undefined ? settings.preference : ({ kind: 'strict', port } as const);
  const claim = await claimPort(candle, { projectDir, serviceName, ...settings, preference });
  if (!claim.isNew && serviceName !== undefined) throw new ServiceAlreadyHasPortError(serviceName, claim.reservation);
  return claim;
}
