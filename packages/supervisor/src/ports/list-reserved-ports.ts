import type { ConfigReading } from '@candle/core/config';
import { ownerOfPort, type PortPurpose, purposeOfPort } from '@candle/core/ports';
import { type ProjectContext, readProjectContext } from '@candle/core/projects';
import { type Reservation, reservedPortDocument } from '@candle/core/reservations';
import type { Run } from '@candle/core/runs';
import type { ServiceKey } from '@candle/core/services';
import type { ReservedPortsDocument } from '@candle/documents';
import type { Supervision } from '../supervision.ts';
import { mayBeOwner } from './describe-port-owner.ts';
import { findPortOwners } from './find-port-owners.ts';
import { type PortOwner, portOwnerDocument } from './port-report.ts';

/** A reservation and its current state. */
export interface ReservedPort extends Reservation, ProjectContext {
  readonly purpose: PortPurpose;
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
  const configs = new Map<string, ConfigReading['config']>();
  for (const dir of contexts.keys()) configs.set(dir, (await supervision.readConfig(dir)).config);
  return reservations.map((reservation) => ({
    ...{ branch: null, isDirectoryGone: false },
    purpose: purposeOfPort(configs.get(reservation.projectDir), reservation.serviceName),
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
  const named = reservations.flatMap(({ port, projectDir, serviceName: name }) =>
    name === null ? [] : [{ port, projectDir, name }],
  );
  if (named.length === 0) return [];
  const listening = processes.listening();
  const busy = new Map(named.filter(({ port }) => listening.on(port).length > 0).map((one) => [one.port, one]));
  if (busy.size === 0) return [];
  const runs = await store.runs.listActive();
  const owners = await findPortOwners(supervision, [...busy.keys()], listening);
  const strangers = owners.map(async (owner) => {
    const reservation = busy.get(owner.port);
    return reservation !== undefined && (await isStranger(supervision, owner, reservation, runs)) ? [owner] : [];
  });
  return (await Promise.all(strangers)).flat();
}

/**
 * A listener of another user is assumed to belong to the running service: it is the proxy of a container that the service
 * started.
 */
async function isStranger(
  { readConfig }: Supervision,
  owner: PortOwner,
  reservation: ServiceKey,
  runs: readonly Run[],
): Promise<boolean> {
  if (mayBeOwner(owner.service, reservation)) return false;
  const { projectDir } = reservation;
  const name = ownerOfPort((await readConfig(projectDir)).config, reservation.name);
  if (name === null) return false;
  const run = runs.find((one) => one.projectDir === projectDir && one.serviceName === name);
  const isActive = run !== undefined && (name !== reservation.name || run.port === owner.port);
  return !(isActive && owner.service === null && owner.uid !== process.geteuid?.());
}

/** Reservations, as `--json` and MCP report them. */
export function reservedPortsDocument(ports: readonly ReservedPort[]): ReservedPortsDocument {
  return {
    ports: ports.map((reserved) => ({
      ...reservedPortDocument(reserved),
      purpose: reserved.purpose,
      reservedAt: new Date(reserved.reservedAtMs).toISOString(),
      branch: reserved.branch,
      directoryGone: reserved.isDirectoryGone,
      conflicts: reserved.conflicts.map(portOwnerDocument),
    })),
  };
}
