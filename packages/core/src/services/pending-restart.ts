import type { RestartPolicy } from '../config/restart-policy.ts';

/** The state of a service's restart policy. All fields are zero or null after each user request. */
export interface PendingRestart {
  /** Consecutive restarts that did not last. */
  readonly attempts: number;
  /** When it is restarted, to show. Null if no restart is pending. */
  readonly nextRestartAtMs: number | null;
  /** When it is due, on the monotonic clock of this boot. Null in a record of an earlier Candle. */
  readonly nextRestartMonotonicMs: number | null;
  readonly nextRestartBootId: string | null;
  /** When the policy gave up. */
  readonly crashLoopedAtMs: number | null;
  /** Why it was not restarted although the policy requires it. */
  readonly refusal: string | null;
}

export const noPendingRestart: PendingRestart = {
  attempts: 0,
  nextRestartAtMs: null,
  nextRestartMonotonicMs: null,
  nextRestartBootId: null,
  crashLoopedAtMs: null,
  refusal: null,
};

/** The same moment on both clocks. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  readonly monotonicMs: number;
  readonly bootId: string;
}

export function isRestartPending(state: Pick<PendingRestart, 'nextRestartAtMs'> | undefined): boolean {
  return state?.nextRestartAtMs != null;
}

/** What happened to a service with a restart policy. */
export type RestartEvent =
  /** Its run ended by itself. An unknown exit code counts as a failure. */
  | ({ readonly kind: 'runEnded'; readonly exitCode: number | null; readonly livedMs: number } & PolicyInput)
  /** The policy restarted it. */
  | { readonly kind: 'restarted' }
  /** The restart failed: its port is taken, or the system could not create the process. */
  | ({ readonly kind: 'restartFailed' } & PolicyInput)
  /** The supervisor cannot restart it as its user would. */
  | { readonly kind: 'refused'; readonly refusal: string }
  /** There is nothing to restart, or the system was rebooted. The service counts as down. */
  | { readonly kind: 'cancelled' };

/** In how many milliseconds a pending restart is due. Nothing is restarted in another boot, which is found out at once. */
export function msUntilRestart(
  { nextRestartAtMs, nextRestartMonotonicMs, nextRestartBootId }: PendingRestart,
  now: Moment,
): number {
  if (nextRestartMonotonicMs === null) return (nextRestartAtMs ?? now.nowMs) - now.nowMs;
  return nextRestartBootId === now.bootId ? nextRestartMonotonicMs - now.monotonicMs : 0;
}

interface PolicyInput extends Moment {
  readonly policy: RestartPolicy;
  /** From 0 to 1. */
  readonly random: number;
}

/** The state of a service's restart policy after the event. */
export function applyRestartEvent({ attempts }: PendingRestart, event: RestartEvent): PendingRestart {
  switch (event.kind) {
    case 'runEnded':
      return decideRestart(event.livedMs >= lastedMs ? 0 : attempts, event);
    case 'restarted':
      return { ...noPendingRestart, attempts };
    case 'restartFailed':
      return decideRestart(attempts, { ...event, exitCode: null });
    case 'refused':
      return { ...noPendingRestart, attempts, refusal: event.refusal };
    case 'cancelled':
      return noPendingRestart;
  }
}

/** Milliseconds. A run that lasted this long has started successfully: its end is a new problem, and the count starts again. */
export const lastedMs = 10_000;
/** The share of each delay that is randomly added or subtracted, so that services that failed together do not restart together. */
const jitter = 0.2;

/**
 * Only failures count towards the maximum of attempts: `always` restarts a program that exits with code 0 without
 * limit, with growing delays.
 */
function decideRestart(
  attempts: number,
  { policy: rule, exitCode, random, ...now }: PolicyInput & { readonly exitCode: number | null },
): PendingRestart {
  const hasFailed = exitCode !== 0;
  if (rule.policy === 'never' || (rule.policy === 'on-failure' && !hasFailed)) return noPendingRestart;
  if (hasFailed && attempts >= rule.maxAttempts) return { ...noPendingRestart, attempts, crashLoopedAtMs: now.nowMs };
  const exactMs = Math.min(rule.maxDelayMs, rule.delayMs * 2 ** Math.min(attempts, 30));
  const delayMs = Math.round(exactMs * (1 - jitter + 2 * jitter * random));
  return {
    ...noPendingRestart,
    attempts: attempts + 1,
    nextRestartAtMs: now.nowMs + delayMs,
    nextRestartMonotonicMs: now.monotonicMs + delayMs,
    nextRestartBootId: now.bootId,
  };
}
