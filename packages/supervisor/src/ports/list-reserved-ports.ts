import { type ProjectContext, readProjectContext } from '@candle/core/projects';
import { type Reservation, reservedPortDocument } from '@candle/core/reservations';
import type { Run } from '@candle/core/runs';
import type { ReservedPortsDocument } from '@candle/documents';
import type { Supervision } from '../supervision.ts';
import { isSameService } from './describe-port-owner.ts';
import { findPortOwners } from './find-port-owners.ts';
import { type PortOwner, portOwnerDocument } from './port-report.ts';

/** A reservation and its current state. */
export interface ReservedPort extends Reservation, ProjectContext {
  /**
   * Processes that listen on the port of a service without belonging to that service. Always empty for a port of the project
   * itself: its users may listen on it with any program, with or without Candle.
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
  const services = reservations.filter(({ serviceName }) => serviceName !== null);
  if (services.length === 0) return [];
  const listening = processes.listening();
  const busy = services.filter(({ port }) => listening.on(port).length > 0);
  if (busy.length === 0) return [];
  const runs = new Map((await store.runs.listActive()).map((run) => [run.port, run]));
  const reserved = new Map(busy.map((reservation) => [reservation.port, reservation]));
  const owners = await findPortOwners(supervision, [...reserved.keys()], listening);
  return owners.filter((owner) => isStranger(owner, reserved.get(owner.port), runs.get(owner.port)));
}

/**
 * A listener of another user is assumed to belong to the running service: it is the proxy of a container that the service
 * started.
 */
function isStranger(owner: PortOwner, reservation: Reservation | undefined, run: Run | undefined): boolean {
  if (reservation === undefined || reservation.serviceName === null) return false;
  const key = { projectDir: reservation.projectDir, name: reservation.serviceName };
  if (isSameService(owner.service, key)) return false;
  const isActive = run?.projectDir === key.projectDir && run.serviceName === key.name;
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
