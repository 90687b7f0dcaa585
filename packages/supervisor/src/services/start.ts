import { startInOrder } from '../dependencies/start-in-order.ts';
import type { Supervision } from '../supervision.ts';
import type { StartedServices } from './port-changes.ts';
import { prepareStart, type StartInput } from './prepare-start.ts';

/**
 * Starts services in the background, and what they depend on, as far as it does not run; a running one that is named is
 * replaced. One that fails stops only those that depend on it.
 */
export async function start(supervision: Supervision, input: StartInput): Promise<StartedServices> {
  const { onWaiting, waitMs, signal } = input;
  const { plan, ports } = await prepareStart(supervision, input);
  return { ...(await startInOrder(supervision, plan, { onWaiting, waitMs, signal })), ports };
}
