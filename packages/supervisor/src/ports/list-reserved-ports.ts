import { type ProjectPlace, type Reservation, type Run, readProjectPlace } from '@candle/core';
import type { Supervision } from '../supervision.ts';
import { isSameService } from './describe-holding.ts';
import { findHoldings } from './find-holdings.ts';
import type { PortHolding } from './port-report.ts';

/** A reservation, and what is true of it now. */
export interface ReservedPort extends Reservation, ProjectPlace {
  /**
   * Who listens on a service's port without belonging to that service. A project's own ports are for its people to use,
   * with or without Candle, so nobody on them is a stranger.
   */
  readonly heldBy: readonly PortHolding[];
}

/**
 * The reservations of a project, or (none named) of every project of this state directory; newest first. The listeners
 * of the machine are read once; processes are looked at only when somebody listens on a service's port.
 */
export async function listReservedPorts(
  supervision: Supervision,
  { projectDir }: { projectDir?: string | undefined },
): Promise<readonly ReservedPort[]> {
  const reservations = await supervision.store.reservations.list(projectDir);
  const strangers = await findStrangers(supervision, reservations);
  const places = new Map<string, ProjectPlace>();
  for (const { projectDir: dir } of reservations) if (!places.has(dir)) places.set(dir, readProjectPlace(dir));
  return reservations.map((reservation) => ({
    ...{ branch: null, isDirectoryGone: false },
    ...places.get(reservation.projectDir),
    ...reservation,
    heldBy: strangers.filter(({ port }) => port === reservation.port),
  }));
}

async function findStrangers(
  supervision: Supervision,
  reservations: readonly Reservation[],
): Promise<readonly PortHolding[]> {
  const { store, processes } = supervision;
  const services = reservations.filter(({ serviceName }) => serviceName !== null);
  if (services.length === 0) return [];
  const listening = processes.listening();
  const busy = services.filter(({ port }) => listening.on(port).length > 0);
  if (busy.length === 0) return [];
  const runs = new Map((await store.runs.listActive()).map((run) => [run.port, run]));
  const reserved = new Map(busy.map((reservation) => [reservation.port, reservation]));
  const holdings = await findHoldings(supervision, [...reserved.keys()], listening);
  return holdings.filter((holding) => isStranger(holding, reserved.get(holding.port), runs.get(holding.port)));
}

/** A listener of another user counts as that of a service which runs: it is the proxy of a container that it has started. */
function isStranger(holding: PortHolding, reservation: Reservation | undefined, run: Run | undefined): boolean {
  if (reservation === undefined || reservation.serviceName === null) return false;
  const key = { projectDir: reservation.projectDir, name: reservation.serviceName };
  if (isSameService(holding.service, key)) return false;
  const isActive = run?.projectDir === key.projectDir && run.serviceName === key.name;
  return !(isActive && holding.service === null && holding.uid !== process.geteuid?.());
}
