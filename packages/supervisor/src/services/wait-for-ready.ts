import type { Run } from '@candle/core/runs';
import { readKnownServices, resolveNames } from '@candle/core/services';
import { awaitServiceReady, unreadyError } from '../readiness/await-service-ready.ts';
import type { Supervision } from '../supervision.ts';

export interface WaitForReadyInput {
  readonly projectDir: string;
  readonly name: string;
  /** 0 checks once. */
  readonly timeoutMs: number;
  /** Ends the wait at once, with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until a service is ready and returns its run. Returns at once if it already is.
 * @throws ServiceNotRunningError or ServiceEndedUnreadyError at once; ServiceNotReadyError after the timeout
 */
export async function waitForReady(
  supervision: Supervision,
  { projectDir, name, timeoutMs, signal }: WaitForReadyInput,
): Promise<Run> {
  resolveNames(await readKnownServices(supervision, projectDir), [name]);
  const key = { projectDir, name };
  const beganMs = supervision.waiting.nowMs();
  const readiness = await awaitServiceReady(supervision, key, { timeoutMs, signal });
  if (readiness.kind === 'ready') return readiness.run;
  throw await unreadyError(supervision, key, readiness, { beganMs, timeoutMs });
}
