import { type PortClaim, PortNotAvailableError } from '@candle/core';
import type { Supervision } from '../supervision.ts';
import { describePortOwners } from './describe-port-owner.ts';
import { whoHas } from './who-has.ts';

/** The claim, with who listens on the number that was preferred: the ledger has seen that somebody does, and not who. */
export async function nameListener(supervision: Supervision, claim: PortClaim): Promise<PortClaim> {
  const { fallback } = claim;
  if (fallback?.by !== 'listener') return claim;
  const who = await findListener(supervision, fallback.port);
  return who === undefined ? claim : { ...claim, fallback: { ...fallback, who } };
}

/** Does what reserves ports; when a number is refused because somebody listens there, says who. */
export async function namingListener<T>(supervision: Supervision, reserve: () => Promise<T>): Promise<T> {
  try {
    return await reserve();
  } catch (error) {
    if (!(error instanceof PortNotAvailableError) || error.obstacle.by !== 'listener') throw error;
    const who = await findListener(supervision, error.port);
    if (who === undefined) throw error;
    throw new PortNotAvailableError(error.port, error.claimant, { by: 'listener', who });
  }
}

/** Undefined when it has gone meanwhile, or holds the port without listening. */
async function findListener(supervision: Supervision, port: number): Promise<string | undefined> {
  const report = await whoHas(supervision, { port });
  return report.owners.length > 0 ? describePortOwners(report) : undefined;
}
