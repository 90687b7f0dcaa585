import { startInOrder } from '../dependencies/start-in-order.ts';
import type { Supervision } from '../supervision.ts';
import type { StartedServices } from './port-changes.ts';
import { prepareStart, type StartInput } from './prepare-start.ts';

/** Starts what does not run, and what that depends on, and leaves the rest as it is. Safe to repeat, also many at once. */
export async function checkStart(
  supervision: Supervision,
  input: Omit<StartInput, 'transient' | 'move'>,
): Promise<StartedServices> {
  const { onWaiting, waitMs, signal } = input;
  const { plan, ports } = await prepareStart(supervision, input, { keep: true });
  return { ...(await startInOrder(supervision, plan, { keep: true, onWaiting, waitMs, signal })), ports };
}
