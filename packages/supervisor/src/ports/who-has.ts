import { findDefinition, readKnownServices, readProjectContext } from '@candle/core';
import { readServiceStatus } from '../services/service-status.ts';
import type { Supervision } from '../supervision.ts';
import { adviseOnPort } from './advise-on-port.ts';
import { isSameService } from './describe-port-owner.ts';
import { findPortOwners } from './find-port-owners.ts';
import type { PortOwner, PortReport, ReservationDetails } from './port-report.ts';
import { findPublishedContainers } from './published-containers.ts';

export interface WhoHasInput {
  /** 1 to 65535. */
  readonly port: number;
  /** Whoever asks is in this project: commands that are advised need not name it. */
  readonly projectDir?: string | undefined;
}

/** Who holds a port, whose number it is, and what can be done about it. Reads only. */
export async function whoHas(supervision: Supervision, { port, projectDir }: WhoHasInput): Promise<PortReport> {
  // At the same time as the rest; it never fails.
  const asked = findPublishedContainers(supervision, port);
  const owners = await findPortOwners(supervision, [port]);
  const reservation = await findReservationDetails(supervision, port, owners);
  const facts = { port, owners, reservation: reservation ?? null, containers: await asked };
  return { ...facts, advice: adviseOnPort(facts, { projectDir, uid: process.geteuid?.() ?? 0 }) };
}

async function findReservationDetails(
  supervision: Supervision,
  port: number,
  owners: readonly PortOwner[],
): Promise<ReservationDetails | undefined> {
  const reservation = await supervision.store.reservations.findByPort(port);
  if (reservation === undefined) return undefined;
  const { projectDir, serviceName } = reservation;
  const owner = { ...reservation, ...readProjectContext(projectDir) };
  if (serviceName === null) return { ...owner, status: null, isServiceAlive: false, canStart: false };
  const key = { projectDir, name: serviceName };
  const { label, isAlive } = await readServiceStatus(supervision, key);
  const isAtWork = owners.some(({ service }) => isSameService(service, key));
  // One that runs was started by something, and needs not be looked up.
  const canStart =
    isAtWork || findDefinition(await readKnownServices(supervision, projectDir), serviceName) !== undefined;
  return { ...owner, status: label, isServiceAlive: isAlive, canStart };
}
