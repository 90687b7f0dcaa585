import type { CandleError, Run, ServiceKey } from '@candle/core';
import { readLastLines } from '../launch/last-lines.ts';
import type { Supervision } from '../supervision.ts';
import type { ServiceReadiness } from './await-service-ready.ts';
import { ServiceEndedUnreadyError, ServiceNotReadyError, ServiceNotRunningError } from './errors.ts';

/** Why a service that was waited for is not ready, with its last lines. */
export function unreadyError(
  supervision: Supervision,
  key: ServiceKey,
  readiness: Exclude<ServiceReadiness, { kind: 'ready' }>,
  waitedMs: number,
): CandleError {
  const linesOf = (run: Run | undefined) => (run ? readLastLines(supervision, run) : []);
  switch (readiness.kind) {
    case 'timeout':
      return new ServiceNotReadyError(readiness.run, { waitedMs, awaited: readiness.awaited }, linesOf(readiness.run));
    case 'ended':
      return new ServiceEndedUnreadyError(readiness.observed, linesOf(readiness.observed.run));
    case 'idle':
      return new ServiceNotRunningError(key, readiness.last, linesOf(readiness.last?.run));
  }
}
