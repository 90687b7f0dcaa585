import { readLastLines } from '@candle/core/logs';
import type { Run } from '@candle/core/runs';
import type { ServiceDefinition } from '@candle/core/services';
import { describeFinished, type StartedService } from '../launch/confirm-run.ts';
import { findPid } from '../observe/observe-run.ts';
import { findRunUrl } from '../port-check/check-port.ts';
import { ServiceNotReadyError } from '../readiness/errors.ts';
import { startGraceMs, unfinishedJob } from '../readiness/open-ready-probe.ts';
import type { Supervision } from '../supervision.ts';
import { JobFailedError } from './errors.ts';
import { withInputs } from './job-inputs.ts';
import { awaitEnd, findDone, hasSucceeded, type JobOptions, launchJob } from './run-job.ts';

export interface StartJobOptions extends Omit<JobOptions, 'isDone'> {
  /**
   * What the start waits for: `end` of the job, `start`: half a second, in which most failures show, or the end within a
   * number of milliseconds.
   */
  readonly until: 'start' | 'end' | number;
  readonly signal?: AbortSignal | undefined;
  /** Called as soon as its process has been started. */
  readonly onLaunched?: ((run: Run) => void) | undefined;
  /** Called again and again while the job runs. */
  readonly onPoll?: (() => void) | undefined;
}

/**
 * Runs a job unless it is done or running, and waits for it. The job runs on if this process ends, and the next start finds
 * its run.
 * @throws JobFailedError, ServiceNotReadyError, JobInputUnreadableError, and the errors of launchRun
 */
export async function startJob(
  supervision: Supervision,
  given: ServiceDefinition,
  { until, signal, onLaunched, onPoll, ...options }: StartJobOptions,
): Promise<StartedService> {
  const isDone = async () => (await findDone(supervision, given)) !== undefined;
  for (;;) {
    const definition = await withInputs(given);
    const launched = await launchJob(supervision, definition, { ...options, isDone });
    if (launched === undefined) {
      const done = await findDone(supervision, given);
      if (done) return { ...describeFinished(supervision, given, done), outcome: 'kept' };
      continue;
    }
    const { run, isKept } = launched;
    if (!isKept) onLaunched?.(run);
    const timeoutMs = until === 'start' ? startGraceMs : until === 'end' ? undefined : until;
    const ended = await awaitEnd(supervision, run, { timeoutMs, signal, onPoll });
    if (ended === undefined) {
      const url = findRunUrl(supervision, given, run, null);
      const running = { outcome: isKept ? 'kept' : 'running', isReady: false, awaited: unfinishedJob, url } as const;
      const pid = await findPid(supervision, run);
      if (typeof until !== 'number') return { ...describeFinished(supervision, given, run), ...running, pid };
      const lastLines = await readLastLines(supervision.stateDir, run);
      throw new ServiceNotReadyError(run, { waitedMs: until, awaited: unfinishedJob, advice: [] }, lastLines);
    }
    if (!hasSucceeded(supervision, ended)) {
      const { reportEnd } = await import('../launch/explain-end.ts');
      throw new JobFailedError(ended, await reportEnd(supervision, ended));
    }
    // A run of another command may have had another definition or other inputs.
    if (!isKept || options.isForced) return describeFinished(supervision, given, ended);
  }
}
