import { ownerOfPort } from '@candle/core/ports';
import { type ProjectContext, readProjectContext } from '@candle/core/projects';
import { type Reservation, reservedPortDocument } from '@candle/core/reservations';
import type { Run } from '@candle/core/runs';
import type { ServiceKey } from '@candle/core/services';
import type { ReservedPortsDocument } from '@candle/documents';
import type { Supervision } from '../supervision.ts';
import { isSameService } from './describe-port-owner.ts';
import { findPortOwners } from './find-port-owners.ts';
import { type PortOwner, portOwnerDocument } from './port-report.ts';

/** A reservation and its current state. */
export interface ReservedPort extends Reservation, ProjectContext {
  /**
   * Processes that listen on the port of a service without belonging to that service. Always empty for a port of the project
   * itself, and for a program that Candle does not start: any program may listen there, with or without Candle.
   */
  readonly conflicts: readonly PortOwner[];
}

/**
 * Lists the reservations of a project or, if it is omitted, of all projects in this state directory; newest first. Reads the
 * listening sockets of the machine once. Inspects processes only if there is a listener on the port of a service.
 */
export async function listReservedPorts(
  supervision: Supervision,
  { projectDir }: { projectDir?: string | undefined },
): Promise<readonly ReservedPort[]> {
  const reservations = await supervision.store.reservations.list(projectDir);
  const strangers = await findStrangers(supervision, reservations);
  const contexts = new Map<string, ProjectContext>();
  for (const { projectDir: dir } of reservations) if (!contexts.has(dir)) contexts.set(dir, readProjectContext(dir));
  return reservations.map((reservation) => ({
    ...{ branch: null, isDirectoryGone: false },
    ...contexts.get(reservation.projectDir),
    ...reservation,
    conflicts: strangers.filter(({ port }) => port === reservation.port),
  }));
}

async function findStrangers(
  supervision: Supervision,
  reservations: readonly Reservation[],
): Promise<readonly PortOwner[]> {
  const { store, processes } = supervision;
  const named = reservations.filter(({ serviceName }) => serviceName !== null);
  if (named.length === 0) return [];
  const listening = processes.listening();
  const busy = named.filter(({ port }) => listening.on(port).length > 0);
  const reserved = new Map<number, ServicePortOwner>();
  for (const { port, projectDir, serviceName } of busy) {
    const { config } = await supervision.readConfig(projectDir);
    const name = serviceName === null ? null : ownerOfPort(config, serviceName);
    if (name !== null) reserved.set(port, { projectDir, name, isOwn: name === serviceName });
  }
  if (reserved.size === 0) return [];
  const runs = await store.runs.listActive();
  const owners = await findPortOwners(supervision, [...reserved.keys()], listening);
  return owners.filter((owner) => isStranger(owner, reserved.get(owner.port), runs));
}

/** The service for which a port is reserved: as its own port, or as a further one. */
interface ServicePortOwner extends ServiceKey {
  readonly isOwn: boolean;
}

/**
 * A listener of another user is assumed to belong to the running service: it is the proxy of a container that the service
 * started.
 */
function isStranger(owner: PortOwner, key: ServicePortOwner | undefined, runs: readonly Run[]): boolean {
  if (key === undefined || isSameService(owner.service, key)) return false;
  const run = runs.find(({ projectDir, serviceName }) => projectDir === key.projectDir && serviceName === key.name);
  const isActive = run !== undefined && (!key.isOwn || run.port === owner.port);
  return !(isActive && owner.service === null && owner.uid !== process.geteuid?.());
}

/** Reservations, as `--json` and MCP report them. */
export function reservedPortsDocument(ports: readonly ReservedPort[]): ReservedPortsDocument {
  return {
    ports: ports.map((reserved) => ({
      ...reservedPortDocument(reserved),
      reservedAt: new Date(reserved.reservedAtMs).toISOString(),
      branch: reserved.branch,
      directoryGone: reserved.isDirectoryGone,
      conflicts: reserved.conflicts.map(portOwnerDocument),
    })),
  };
}
