import type { ServiceKey } from '@candle/core';
import type { Supervision } from '../supervision.ts';
import { PortNotOwnedError } from './errors.ts';
import { whoHas } from './who-has.ts';

/**
 * Finds the services of a project that listen on a port. Empty if the port is free.
 * @throws PortNotOwnedError if only other processes use the port
 */
export async function findServicesOnPort(
  supervision: Supervision,
  { projectDir, port }: { projectDir: string; port: number },
): Promise<readonly ServiceKey[]> {
  const report = await whoHas(supervision, { port, projectDir });
  const own = report.owners.flatMap(({ service }) => (service?.projectDir === projectDir ? [service.name] : []));
  if (own.length > 0) return [...new Set(own)].map((name) => ({ projectDir, name }));
  if (report.owners.length + report.containers.length === 0) return [];
  throw new PortNotOwnedError(projectDir, report);
}
