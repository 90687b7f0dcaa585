import { hasInputs, type Run } from '@candle/core/runs';
import { readKnownServices, resolveNames } from '@candle/core/services';
import { hasSucceeded } from '../jobs/run-job.ts';
import { findPid } from '../observe/observe-run.ts';
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

export interface ReadyService {
  readonly run: Run;
  /** Null for a job that has succeeded. */
  readonly pid: number | null;
}

/**
 * Waits until a service is ready and returns its run. Returns at once if it already is.
 * @throws ServiceNotRunningError or ServiceEndedUnreadyError at once; ServiceNotReadyError after the timeout
 */
export async function waitForReady(
  supervision: Supervision,
  { projectDir, name, timeoutMs, signal }: WaitForReadyInput,
): Promise<ReadyService> {
  resolveNames(await readKnownServices(supervision, projectDir), [name]);
  const key = { projectDir, name };
  const beganMs = supervision.waiting.nowMs();
  const readiness = await awaitServiceReady(supervision, key, { timeoutMs, signal });
  if (readiness.kind === 'ready') return { run: readiness.run, pid: await findPid(supervision, readiness.run) };
  const observed =
    readiness.kind === 'ended' ? readiness.observed : readiness.kind === 'idle' ? readiness.last : undefined;
  // A job is ready when it has succeeded.
  if (observed && hasInputs(observed.run.fingerprint) && hasSucceeded(supervision, observed.run)) {
    return { run: observed.run, pid: null };
  }
  throw await unreadyError(supervision, key, readiness, { beganMs, timeoutMs });
}
