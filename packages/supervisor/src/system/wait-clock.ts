import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessTable } from './process-table.ts';

/** A monotonic clock for waiting. */
export interface WaitClock {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

export const waitClock: WaitClock = {
  nowMs: () => performance.now(),
  sleep: async (ms) => {
    await sleep(ms);
  },
};

/**
 * Whether the boot id of a run identifies the current boot. The first versions of Candle recorded the boot id of the
 * machine without the start time of process 1, and their runs may still exist after an upgrade.
 */
export function isOfThisBoot(processes: Pick<ProcessTable, 'bootId'>, bootId: string): boolean {
  const present = processes.bootId();
  return bootId === present || present.startsWith(`${bootId}.`);
}
