import { type CandleError, isCandleError } from '@candle/core/errors';
import { SeveralServicesFailedError } from './errors.ts';

/** The results of an operation on several services. */
export interface Outcomes<T> {
  readonly done: readonly T[];
  /** Expected errors only. */
  readonly failed: readonly CandleError[];
}

/** Runs `work` on all subjects at the same time and waits for all of them, even if some fail. Rethrows unexpected errors. */
export async function collectOutcomes<S, T>(
  subjects: readonly S[],
  work: (subject: S) => Promise<T>,
): Promise<Outcomes<T>> {
  const settled = await Promise.allSettled(subjects.map(work));
  const errors = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const bug = errors.find((error) => !isCandleError(error));
  if (bug !== undefined) throw bug;
  return {
    done: settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    failed: errors.filter(isCandleError),
  };
}

/** Throws the error if there is exactly one; several are combined into a SeveralServicesFailedError. */
export function throwFailures({ failed }: Outcomes<unknown>): void {
  const [first] = failed;
  if (first === undefined) return;
  throw failed.length === 1 ? first : new SeveralServicesFailedError(failed);
}
