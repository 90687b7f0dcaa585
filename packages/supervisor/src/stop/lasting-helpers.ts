import type { Supervision } from '../supervision.ts';
import type { ProcessInfo } from '../system/process-table.ts';

/** A browser is older than this when a service is stopped; a program that reports statistics at the end is not. */
const youngMs = 10_000;
/** How long a young program may take to exit by itself. */
const exitTimeoutMs = 3_000;
const pollMs = 100;

/**
 * The detached helpers of a stopped run that keep running. Waits for those that have just been started, because some programs
 * start another one when they end, for example to send statistics, which exits within seconds.
 */
export async function awaitLastingHelpers(
  { processes, waiting, clock }: Pick<Supervision, 'processes' | 'waiting' | 'clock'>,
  helpers: readonly ProcessInfo[],
): Promise<readonly ProcessInfo[]> {
  const isYoung = ({ pid }: ProcessInfo) =>
    clock.nowMs() - (processes.describe(pid)?.startedAtMs ?? Number.NEGATIVE_INFINITY) < youngMs;
  const isAlive = (helper: ProcessInfo) => processes.isAlive(helper);
  const deadlineMs = waiting.nowMs() + exitTimeoutMs;
  let lasting = helpers.filter(isAlive);
  while (lasting.some(isYoung) && waiting.nowMs() < deadlineMs) {
    await waiting.sleep(pollMs);
    lasting = lasting.filter(isAlive);
  }
  return lasting;
}
