import { findDefinition, readKnownServices, readProjectPlace } from '@candle/core';
import { readServiceStatus } from '../services/service-status.ts';
import type { Supervision } from '../supervision.ts';
import { adviseOnPort } from './advise-on-port.ts';
import { findHoldings } from './find-holdings.ts';
import type { PortOwner, PortReport } from './port-report.ts';
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
  const holdings = await findHoldings(supervision, [port]);
  const reservation = await findOwner(supervision, port);
  const facts = { port, holdings, reservation: reservation ?? null, containers: await asked };
  return { ...facts, advice: adviseOnPort(facts, { projectDir, uid: process.geteuid?.() ?? 0 }) };
}

async function findOwner(supervision: Supervision, port: number): Promise<PortOwner | undefined> {
  const reservation = await supervision.store.reservations.findByPort(port);
  if (reservation === undefined) return undefined;
  const { projectDir, serviceName } = reservation;
  const owner = { ...reservation, ...readProjectPlace(projectDir) };
  if (serviceName === null) return { ...owner, status: null, isServiceAlive: false, canStart: false };
  const { label, isAlive } = await readServiceStatus(supervision, { projectDir, name: serviceName });
  const known = await readKnownServices(supervision, projectDir);
  const canStart = findDefinition(known, serviceName) !== undefined;
  return { ...owner, status: label, isServiceAlive: isAlive, canStart };
}
