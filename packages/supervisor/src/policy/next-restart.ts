import { noPendingRestart, type PendingRestart, type RestartPolicy } from '@candle/core';

/** A run that lasted this long has come up: what ends it is a new trouble, and counting begins anew. */
const lastedMs = 10_000;
/** Services that failed together should not come back together: each waits up to this share more or less. */
const jitter = 0.2;

export interface EndedRun {
  /** Null: nobody saw how it ended, which counts as a failure. */
  readonly exitCode: number | null;
  readonly livedMs: number;
}

/**
 * What a restart policy makes of a run that has ended by itself. Pure; `random` is 0 to 1. A policy gives up on failures
 * only: `always` brings a program that ends well back for ever, ever more slowly.
 */
export function nextRestart(
  { policy, delayMs, maxDelayMs, maxAttempts }: RestartPolicy,
  { exitCode, livedMs }: EndedRun,
  { attempts: before, nowMs, random }: { attempts: number; nowMs: number; random: number },
): PendingRestart {
  const hasFailed = exitCode !== 0;
  if (policy === 'never' || (policy === 'on-failure' && !hasFailed)) return noPendingRestart;
  const made = livedMs >= lastedMs ? 0 : before;
  if (hasFailed && made >= maxAttempts) return { ...noPendingRestart, attempts: made, crashLoopedAtMs: nowMs };
  const delay = Math.min(maxDelayMs, delayMs * 2 ** Math.min(made, 30));
  return {
    ...noPendingRestart,
    attempts: made + 1,
    nextRestartAtMs: nowMs + Math.round(delay * (1 - jitter + 2 * jitter * random)),
  };
}
