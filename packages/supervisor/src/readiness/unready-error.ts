import type { CandleError, Run, ServiceKey } from '@candle/core';
import { describeContract } from '../contract/describe-contract.ts';
import { observeContract } from '../contract/observe-contract.ts';
import { readLastLines } from '../launch/last-lines.ts';
import type { Supervision } from '../supervision.ts';
import { readinessOf } from './await-ready.ts';
import type { ServiceReadiness } from './await-service-ready.ts';
import { ServiceEndedUnreadyError, ServiceNotReadyError, ServiceNotRunningError } from './errors.ts';

/** Why a service that was waited for is not ready, with its last lines. */
export async function unreadyError(
  supervision: Supervision,
  key: ServiceKey,
  readiness: Exclude<ServiceReadiness, { kind: 'ready' }>,
  waitedMs: number,
): Promise<CandleError> {
  const linesOf = (run: Run | undefined) => (run ? readLastLines(supervision, run) : []);
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

/** A server that listens elsewhere, or not at all, says more than a probe that gets no answer. */
async function whatIsMissing(
  supervision: Supervision,
  { run, awaited }: { run: Run; awaited: string },
): Promise<{ readonly awaited: string; readonly advice: readonly string[] }> {
  const contract = await observeContract(supervision, run);
  if (contract === null || contract.state === 'honoured') return { awaited, advice: [] };
  const { kind } = readinessOf(supervision, run).ready;
  const told = `it ${describeContract(contract)}`;
  const remedy = contract.remedy === null ? [] : [contract.remedy];
  if (kind === 'reserved-port') return { awaited: told, advice: remedy };
  return { awaited, advice: contract.state === 'silent' ? [] : [`I${told.slice(1)}.`, ...remedy] };
}
