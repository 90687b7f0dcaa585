import { advise, CandleError, candle, program, quote } from '@candle/core/errors';
import type { Run } from '@candle/core/runs';
import { exampleRun } from '../examples.ts';
import type { ProcessInfo } from '../system/process-table.ts';
import { describeProcesses } from './stop-event.ts';

/** Processes of the run could not be killed, because they belong to another user or are stuck in the kernel. */
export class ServiceSurvivedError extends CandleError {
  static readonly code = 'SERVICE_SURVIVED';
  static example() {
    return new ServiceSurvivedError(exampleRun, [{ pid: 4711, command: 'postgres' } as ProcessInfo]);
  }

  constructor({ serviceName, projectDir }: Run, survivors: readonly ProcessInfo[]) {
    super({
      message: `Service ${quote(serviceName)} could not be stopped: ${describeProcesses(survivors)} ${survivors.length === 1 ? 'is' : 'are'} still running`,
      hint: advise(
        `To kill ${survivors.length === 1 ? 'it' : 'them'} with root privileges`,
        program('sudo', 'kill', '-9', ...survivors.map(({ pid }) => String(pid))),
      ),
      details: { serviceName, projectDir, pids: survivors.map(({ pid }) => pid) },
    });
  }
}

/** The state directory is shared with another container, whose processes cannot be seen or signalled from this one. */
export class ServiceInOtherContainerError extends CandleError {
  static readonly code = 'SERVICE_IN_OTHER_CONTAINER';
  static example() {
    return new ServiceInOtherContainerError(exampleRun);
  }

  constructor({ serviceName, projectDir }: Run) {
    super({
      message: `Service ${quote(serviceName)} was not stopped: it runs in another container that shares this state directory`,
      hint: advise('Stop it there', candle('kill', serviceName)),
      details: { serviceName, projectDir },
    });
  }
}

/** The service's command finished earlier, and the stopCommand that ends what it started elsewhere failed. */
export class StopCommandFailedError extends CandleError {
  static readonly code = 'SERVICE_STOP_COMMAND_FAILED';
  static example() {
    return new StopCommandFailedError(exampleRun, 'it exited with code 1');
  }

  /** @param problem a clause: "it exited with code 1" */
  constructor({ serviceName, projectDir }: Run, problem: string) {
    super({
      message: `The stopCommand of service ${quote(serviceName)} failed: ${problem}`,
      hint: advise('To see its output', candle('logs', serviceName)),
      details: { serviceName, projectDir, problem },
    });
  }
}
