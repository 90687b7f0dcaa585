import { startInOrder } from '../dependencies/start-in-order.ts';
import type { Supervision } from '../supervision.ts';
import { prepareStart, type StartedServices, type StartInput } from './start.ts';

/**
 * Starts the services that are not running, and their dependencies, and leaves the others as they are. Safe to repeat, even
 * by many callers at once.
 */
export async function checkStart(
  supervision: Supervision,
  input: Omit<StartInput, 'transient' | 'move'>,
): Promise<StartedServices> {
  const { onWaiting, onProgress, waitMs, signal } = input;
  const { plan, resolved, ...prepared } = await prepareStart(supervision, input, { keep: 'running' });
  const options = { resolved, keep: () => true, onWaiting, onProgress, waitMs, signal };
  return { ...(await startInOrder(supervision, plan, options)), ...prepared };
}
