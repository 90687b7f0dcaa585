import type { ListeningProcess, ProcessTable } from '../system/process-table.ts';
import type { WaitClock } from '../system/wait-clock.ts';

/** A listener is closed with its process. This only waits for the cleanup in the kernel, which takes a few ms. */
export const portFreeTimeoutMs = 2_000;
const firstPollMs = 10;
/** Each check costs a few ms of CPU. */
const maxPollMs = 100;

export interface PortFreeEffects {
  readonly processTable: ProcessTable;
  readonly clock: WaitClock;
  readonly timeoutMs?: number;
}

/**
 * Waits until no process listens on the port. Returns the processes that still do; empty if the port is free. Never
 * binds the port, because that could take it from a service that is just starting.
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
