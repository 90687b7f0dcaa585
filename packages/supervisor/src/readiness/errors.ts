import { advise, CandleError, candle, type Hint, lines, quote } from '@candle/core/errors';
import { lastLinesHint } from '@candle/core/logs';
import { hasInputs, type Run } from '@candle/core/runs';
import { exampleReport, exampleRun, exampleService } from '../examples.ts';
import { describeExit, type EndReport, endDetails, endHint } from '../launch/errors.ts';
import type { ObservedRun } from '../observe/observe-run.ts';

/** The service is running, but its readiness check did not succeed in time. */
export class ServiceNotReadyError extends CandleError {
  static readonly code = 'SERVICE_NOT_READY';
  static example() {
    return new ServiceNotReadyError(exampleRun, { waitedMs: 30_000, awaited: 'no response from /health', advice: [] }, [
      'Connecting to the database',
    ]);
  }

  constructor(
    { serviceName, projectDir, id, fingerprint }: Run,
    { waitedMs, awaited, advice }: { waitedMs: number; awaited: string; advice: readonly Hint[] },
    lastLines: readonly string[],
  ) {
    super({
      message: hasInputs(fingerprint)
        ? `The job ${quote(serviceName)} has not ended after ${waitedMs / 1000} s`
        : `Service ${quote(serviceName)} is not ready after ${waitedMs / 1000} s: ${awaited}`,
      hint: lines(
        'It was left running.',
        ...advice,
        lastLinesHint(lastLines),
        advise('To see its output', candle('logs', serviceName)),
      ),
      details: { serviceName, projectDir, runId: id, waitedMs, awaited, lastLines },
    });
  }
}

/** The run ended before it became ready. */
export class ServiceEndedUnreadyError extends CandleError {
  static readonly code = 'SERVICE_ENDED_UNREADY';
  static example() {
    return new ServiceEndedUnreadyError(
      { run: exampleRun, exitCode: 1, exitSignal: null } as ObservedRun,
      exampleReport,
    );
  }

  constructor({ run, exitCode, exitSignal }: ObservedRun, report: EndReport) {
    const { serviceName, projectDir, id } = run;
    const problem = hasInputs(run.fingerprint)
      ? `The job ${quote(serviceName)} did not succeed`
      : `Service ${quote(serviceName)} did not become ready`;
    super({
      message: `${problem}: ${describeEnd({ run, exitCode, exitSignal })}`,
      hint: lines(
        endHint(report),
        ...jobAdvice({ run, exitCode }),
        advise('To see its output', candle('logs', serviceName)),
      ),
      details: {
        ...{ serviceName, projectDir, runId: id, exitCode, exitSignal, reason: run.endReason },
        ...endDetails(report),
      },
    });
  }
}

/** There is no run that could become ready. `last`: the previous run, if any. */
export class ServiceNotRunningError extends CandleError {
  static readonly code = 'SERVICE_NOT_RUNNING';
  static example() {
    return new ServiceNotRunningError(exampleService, undefined, undefined);
  }

  constructor(
    { name, projectDir }: { name: string; projectDir: string },
    last: ObservedRun | undefined,
    /** Of the previous run. */
    report: EndReport | undefined,
  ) {
    super({
      message: `Service ${quote(name)} is not running${last === undefined ? '' : `: ${describeEnd(last)}`}`,
      hint: lines(
        ...(report === undefined ? [] : [endHint(report)]),
        ...(last === undefined ? [] : jobAdvice(last)),
        advise('To start it', candle('start', name)),
      ),
      details: {
        ...{ name, projectDir, runId: last?.run.id ?? null, exitCode: last?.exitCode ?? null },
        ...(report === undefined ? { lastLines: [], explanation: null } : endDetails(report)),
      },
    });
  }
}

/** What to do about a command that has ended without an error. Only a job becomes ready by ending. */
function jobAdvice({ run, exitCode }: Pick<ObservedRun, 'run' | 'exitCode'>): readonly Hint[] {
  if (exitCode !== 0 || run.endReason === 'stopped' || hasInputs(run.fingerprint)) return [];
  return [
    'A service has to keep running to be ready: a container, for example, with "docker compose up" instead of "docker compose up -d".',
    `If it is a command that ends, set "oneshot": true for ${quote(run.serviceName)} in .candle.json.`,
  ];
}

function describeEnd(observed: Pick<ObservedRun, 'run' | 'exitCode' | 'exitSignal'>): string {
  return observed.run.endReason === 'stopped' ? 'it was stopped' : describeExit(observed);
}
