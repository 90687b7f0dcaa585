import { startInOrder } from '../dependencies/start-in-order.ts';
import type { Supervision } from '../supervision.ts';
import type { StartedServices } from './port-changes.ts';
import { prepareStart, type StartInput } from './prepare-start.ts';

/**
 * Starts services in the background, with those of their dependencies that are not running. A named service that is running
 * is replaced. If a service fails, only the services that depend on it are not started.
 */
export async function start(supervision: Supervision, input: StartInput): Promise<StartedServices> {
  const { onWaiting, waitMs, signal } = input;
  const { plan, ports } = await prepareStart(supervision, input);
  return { ...(await startInOrder(supervision, plan, { onWaiting, waitMs, signal })), ports };
}
