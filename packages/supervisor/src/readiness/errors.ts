import { CandleError, quote, type Run, shellWord } from '@candle/core';
import { describeExit } from '../launch/errors.ts';
import { lastLinesHint } from '../launch/failed-start-output.ts';
import type { ObservedRun } from '../observe/observe-run.ts';

/** The service is running, but its readiness check did not succeed in time. */
export class ServiceNotReadyError extends CandleError {
  constructor(
    { serviceName, projectDir, id }: Run,
    { waitedMs, awaited, advice }: { waitedMs: number; awaited: string; advice: readonly string[] },
    lastLines: readonly string[],
  ) {
    super({
      code: 'SERVICE_NOT_READY',
      message: `Service ${quote(serviceName)} is not ready after ${waitedMs / 1000} s: ${awaited}`,
      hint: [
        'It was left running.',
        ...advice,
        ...lastLinesHint(lastLines),
        `To see its output: candle logs ${shellWord(serviceName)}`,
      ].join('\n'),
      details: { serviceName, projectDir, runId: id, waitedMs, awaited, lastLines },
    });
  }
}

/** The run ended before it became ready. */
export class ServiceEndedUnreadyError extends CandleError {
  constructor({ run, exitCode, exitSignal }: ObservedRun, lastLines: readonly string[]) {
    const { serviceName, projectDir, id } = run;
    super({
      code: 'SERVICE_ENDED_UNREADY',
      message: `Service ${quote(serviceName)} did not become ready: ${describeEnd({ run, exitCode, exitSignal })}`,
      hint: [...lastLinesHint(lastLines), `To see its output: candle logs ${shellWord(serviceName)}`].join('\n'),
      details: { serviceName, projectDir, runId: id, exitCode, exitSignal, reason: run.endReason, lastLines },
    });
  }
}

/** There is no run that could become ready. `last`: the previous run, if any. */
export class ServiceNotRunningError extends CandleError {
  constructor(
    { name, projectDir }: { name: string; projectDir: string },
    last: ObservedRun | undefined,
    lastLines: readonly string[],
  ) {
    super({
      code: 'SERVICE_NOT_RUNNING',
      message: `Service ${quote(name)} is not running${last === undefined ? '' : `: ${describeEnd(last)}`}`,
      hint: [
        ...(last === undefined ? [] : lastLinesHint(lastLines)),
        `To start it: candle start ${shellWord(name)}`,
      ].join('\n'),
      details: { name, projectDir, runId: last?.run.id ?? null, exitCode: last?.exitCode ?? null, lastLines },
    });
  }
}

function describeEnd(observed: Pick<ObservedRun, 'run' | 'exitCode' | 'exitSignal'>): string {
  return observed.run.endReason === 'stopped' ? 'it was stopped' : describeExit(observed);
}
