import { setTimeout as sleep } from 'node:timers/promises';

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
