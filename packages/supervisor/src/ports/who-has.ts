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
  /** The project of the caller. Advised commands omit `--project` for it. */
  readonly projectDir?: string | undefined;
}

/** Reports which processes use a port, who has reserved it, and what to do about it. Read-only. */
export async function whoHas(supervision: Supervision, { port, projectDir }: WhoHasInput): Promise<PortReport> {
  // Runs in parallel with the rest. It never rejects.
  const findingContainers = findPublishedContainers(supervision, port);
  const owners = await findPortOwners(supervision, [port]);
  const reservation = await findReservationDetails(supervision, port, owners);
  const facts = { port, owners, reservation: reservation ?? null, containers: await findingContainers };
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
  const details = { ...reservation, ...readProjectContext(projectDir) };
  if (serviceName === null) return { ...details, status: null, isServiceAlive: false, canStart: false };
  const key = { projectDir, name: serviceName };
  const { label, isAlive } = await readServiceStatus(supervision, key);
  const isListening = owners.some(({ service }) => isSameService(service, key));
  // A service that is listening has already been started, so its definition need not be looked up.
  const canStart =
    isListening || findDefinition(await readKnownServices(supervision, projectDir), serviceName) !== undefined;
  return { ...details, status: label, isServiceAlive: isAlive, canStart };
}
