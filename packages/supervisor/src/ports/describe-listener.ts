import { type PortClaim, PortNotAvailableError } from '@candle/core';
import type { Supervision } from '../supervision.ts';
import { describePortOwners } from './describe-port-owner.ts';
import { whoHas } from './who-has.ts';

/** Adds to the claim which process listens on the preferred port. Reserving only detects that there is a listener. */
export async function describeListener(supervision: Supervision, claim: PortClaim): Promise<PortClaim> {
  const { fallback } = claim;
  if (fallback?.by !== 'listener') return claim;
  const who = await findListener(supervision, fallback.port);
  return who === undefined ? claim : { ...claim, fallback: { ...fallback, who } };
}

/** Runs `reserve`. If it rejects a port because of a listener, the error says which process listens. */
export async function describingListener<T>(supervision: Supervision, reserve: () => Promise<T>): Promise<T> {
  try {
    return await reserve();
  } catch (error) {
    if (!(error instanceof PortNotAvailableError) || error.obstacle.by !== 'listener') throw error;
    const who = await findListener(supervision, error.port);
    if (who === undefined) throw error;
    throw new PortNotAvailableError(error.port, error.claimant, { by: 'listener', who });
  }
}

/** Undefined if the listener has gone in the meantime, or the port is in use without a listener. */
async function findListener(supervision: Supervision, port: number): Promise<string | undefined> {
  const report = await whoHas(supervision, { port });
  return report.owners.length > 0 ? describePortOwners(report) : undefined;
}
