import type { ListeningProcess, ProcessTable } from '../system/process-table.ts';
import type { WaitClock } from '../system/wait-clock.ts';

/** A listener ends with its process; only the kernel's clean-up is waited for, which takes some ms. */
export const portFreeTimeoutMs = 2_000;
const firstPollMs = 10;
/** One look costs some ms of CPU. */
const maxPollMs = 100;

export interface PortFreeEffects {
  readonly processTable: ProcessTable;
  readonly clock: WaitClock;
  readonly timeoutMs?: number;
}

/**
 * Waits until nobody listens on the port; returns who still does, none when it is free. Looks only, never binds: a
 * probe could take the port from a service that is just starting.
 */
export async function awaitPortFree(
  port: number,
  { processTable, clock, timeoutMs = portFreeTimeoutMs }: PortFreeEffects,
): Promise<readonly ListeningProcess[]> {
  const deadlineMs = clock.nowMs() + timeoutMs;
  for (
    let pollMs = firstPollMs;
    processTable.listening().on(port).length > 0;
    pollMs = Math.min(pollMs * 2, maxPollMs)
  ) {
    if (clock.nowMs() >= deadlineMs) return processTable.listenersOn(port);
    await clock.sleep(pollMs);
  }
  return [];
}
