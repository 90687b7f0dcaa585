import { setTimeout as sleep } from 'node:timers/promises';

/** Time for waiting: it never jumps, unlike the time of day. */
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
