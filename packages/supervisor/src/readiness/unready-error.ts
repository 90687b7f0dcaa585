import type { CandleError, Hint, Run, ServiceKey } from '@candle/core';
import { readOutputTail } from '../launch/failed-start-output.ts';
import { checkPort } from '../port-check/check-port.ts';
import { describePortCheck } from '../port-check/describe-port-check.ts';
import type { Supervision } from '../supervision.ts';
import { readinessOf } from './await-ready.ts';
import type { ServiceReadiness } from './await-service-ready.ts';
import { ServiceEndedUnreadyError, ServiceNotReadyError, ServiceNotRunningError } from './errors.ts';

/** Creates the error for a service that did not become ready, with its last lines of output. */
export async function unreadyError(
  supervision: Supervision,
  key: ServiceKey,
  readiness: Exclude<ServiceReadiness, { kind: 'ready' }>,
  waitedMs: number,
): Promise<CandleError> {
  const linesOf = (run: Run | undefined) => (run ? readOutputTail(supervision, run) : []);
  switch (readiness.kind) {
    case 'timeout': {
      const missing = { waitedMs, ...(await whatIsMissing(supervision, readiness)) };
      return new ServiceNotReadyError(readiness.run, missing, linesOf(readiness.run));
    }
    case 'ended':
      return new ServiceEndedUnreadyError(readiness.observed, linesOf(readiness.observed.run));
    case 'idle':
      return new ServiceNotRunningError(key, readiness.last, linesOf(readiness.last?.run));
  }
}

/** The port check explains more than a probe without a response: the server may listen on another port, or on none. */
async function whatIsMissing(
  supervision: Supervision,
  { run, awaited }: { run: Run; awaited: string },
): Promise<{ readonly awaited: string; readonly advice: readonly Hint[] }> {
  const portCheck = await checkPort(supervision, run);
  if (portCheck === null || portCheck.status === 'ok') return { awaited, advice: [] };
  const { kind } = readinessOf(supervision, run).ready;
  const described = `it ${describePortCheck(portCheck)}`;
  const fix = portCheck.fix === null ? [] : [portCheck.fix];
  if (kind === 'reserved-port') return { awaited: described, advice: fix };
  return { awaited, advice: portCheck.status === 'not-listening' ? [] : [`I${described.slice(1)}.`, ...fix] };
}
