import { advise, CandleError, candle, exampleProject, lines, showPath } from '@candle/core/errors';
import type { Run } from '@candle/core/runs';
import { exampleReport, exampleRun } from '../examples.ts';
import { describeJobEnd, describeUnreadable } from '../jobs/errors.ts';
import { type EndReport, endDetails, endHint } from '../launch/errors.ts';

/** The setup of the project did not succeed, so nothing was started. */
export class SetupFailedError extends CandleError {
  static readonly code = 'SETUP_FAILED';
  static example() {
    return new SetupFailedError({ ...exampleRun, exitCode: 1, exitSignal: null, endReason: 'exited' }, exampleReport);
  }

  constructor({ projectDir, serviceName, id, exitCode, exitSignal, endReason }: Run, report: EndReport) {
    const isStopped = endReason === 'stopped';
    super({
      message: `The setup of the project failed: ${describeJobEnd({ exitCode, exitSignal, endReason })}. This command started no service`,
      hint: lines(
        endHint(report),
        advise('To see all of its output', candle('logs', serviceName)),
        'To start without it, add --no-setup',
      ),
      details: { projectDir, runId: id, exitCode, exitSignal, stopped: isStopped, ...endDetails(report) },
    });
  }
}

/** A file that the setup depends on cannot be read. */
export class SetupInputUnreadableError extends CandleError {
  static readonly code = 'SETUP_INPUT_UNREADABLE';
  static example() {
    const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return new SetupInputUnreadableError(`${exampleProject}/package-lock.json`, missing);
  }

  constructor(path: string, cause: NodeJS.ErrnoException) {
    const reason = describeUnreadable(cause);
    super({
      message: `${showPath(path)}, an input of the project's setup, ${reason}`,
      hint: `Create the file, or remove it from "inputs" of "setup" in .candle.json`,
      details: { path, reason },
      cause,
    });
  }
}
