import { noPendingRestart, type PendingRestart, type RestartPolicy } from '@candle/core';

/** A run that lasted this long has started successfully: its end is a new problem, and the count starts again. */
const lastedMs = 10_000;
/** The share of each delay that is randomly added or subtracted, so that services that failed together do not restart together. */
const jitter = 0.2;

export interface EndedRun {
  /** Null: the exit status is unknown, which counts as a failure. */
  readonly exitCode: number | null;
  readonly livedMs: number;
}

/**
 * Decides, by its restart policy, whether and when to restart a service whose run ended by itself. Pure; `random` is 0
 * to 1. Only failures count towards the maximum of attempts: `always` restarts a program that exits with code 0 without
 * limit, with growing delays.
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
