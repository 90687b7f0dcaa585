import type { Run, ServiceKey } from '@candle/core';
import type { Supervision } from '../supervision.ts';
import { awaitServiceReady } from './await-service-ready.ts';
import { unreadyError } from './unready-error.ts';

/**
 * Waits until a started service is ready and returns its run, or undefined if it did its work and exited with code 0.
 * The timeout counts from `beganMs`.
 * @throws ServiceNotReadyError, ServiceEndedUnreadyError, ServiceNotRunningError
 */
export async function requireReady(
  supervision: Supervision,
  key: ServiceKey,
  { beganMs, timeoutMs, signal }: { beganMs: number; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<Run | undefined> {
  const leftMs = Math.max(0, beganMs + timeoutMs - supervision.waiting.nowMs());
  const readiness = await awaitServiceReady(supervision, key, { timeoutMs: leftMs, signal });
  if (readiness.kind === 'ready') return readiness.run;
  const isDone = readiness.kind === 'ended' && readiness.observed.exitCode === 0;
  if (isDone && readiness.observed.run.endReason !== 'stopped') return undefined;
  throw await unreadyError(supervision, key, readiness, timeoutMs);
}
