import { startInOrder } from '../dependencies/start-in-order.ts';
import type { Supervision } from '../supervision.ts';
import type { Outcomes } from './outcomes.ts';
import { plannedStart, type StartInput } from './start.ts';
import type { StartedService } from './started-service.ts';

/** Starts what does not run, and what that depends on, and leaves the rest as it is. Safe to repeat, also many at once. */
export async function checkStart(
  supervision: Supervision,
  input: Omit<StartInput, 'transient'>,
): Promise<Outcomes<StartedService>> {
  const { onWaiting, waitMs, signal } = input;
  return startInOrder(supervision, await plannedStart(supervision, input), { keep: true, onWaiting, waitMs, signal });
}
