import { advise, CandleError, candle, exampleProject, lines, quote, showPath } from '@candle/core/errors';
import type { Run } from '@candle/core/runs';
import { exampleReport, exampleRun } from '../examples.ts';
import { describeExit, type EndReport, endDetails, endHint } from '../launch/errors.ts';

/** How a job ended that did not succeed, as a clause. */
export function describeJobEnd({ endReason, ...exit }: Pick<Run, 'endReason' | 'exitCode' | 'exitSignal'>): string {
  return endReason === 'stopped' ? 'it was stopped by another command' : describeExit(exit);
}

/** A job did not succeed, so the services that depend on it were not started. */
export class JobFailedError extends CandleError {
  static readonly code = 'SERVICE_JOB_FAILED';
  static example() {
    const run = { ...exampleRun, serviceName: 'migrate', exitCode: 1, exitSignal: null, endReason: 'exited' } as const;
    return new JobFailedError(run, exampleReport);
  }

  constructor({ projectDir, serviceName, id, exitCode, exitSignal, endReason }: Run, report: EndReport) {
    super({
      message: `The job ${quote(serviceName)} failed: ${describeJobEnd({ exitCode, exitSignal, endReason })}`,
      hint: lines(endHint(report), advise('To see all of its output', candle('logs', serviceName))),
      details: {
        serviceName,
        projectDir,
        runId: id,
        exitCode,
        exitSignal,
        stopped: endReason === 'stopped',
        ...endDetails(report),
      },
    });
  }
}

/** Why an input cannot be read, as the rest of a sentence. */
export function describeUnreadable({ code, message }: NodeJS.ErrnoException): string {
  return reasons[code ?? ''] ?? `cannot be read (${code ?? message})`;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a directory',
  EACCES: 'cannot be read: permission denied',
  NOT_REGULAR: 'is not a regular file',
  TOO_LARGE: 'is larger than 64 MiB',
};

/** A file that a job depends on cannot be read. */
export class JobInputUnreadableError extends CandleError {
  static readonly code = 'SERVICE_INPUT_UNREADABLE';
  static example() {
    const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return new JobInputUnreadableError('migrate', `${exampleProject}/prisma/schema.prisma`, missing);
  }

  constructor(serviceName: string, path: string, cause: NodeJS.ErrnoException) {
    const reason = describeUnreadable(cause);
    super({
      message: `${showPath(path)}, an input of the job ${quote(serviceName)}, ${reason}`,
      hint: `Create the file, or remove it from "inputs" of ${quote(serviceName)} in .candle.json`,
      details: { path, serviceName, reason },
      cause,
    });
  }
}
