import { CandleError, quote, type Run, shellWord } from '@candle/core';
import type { ProcessInfo } from '../system/process-table.ts';
import { describeProcesses } from './stop-event.ts';

/** Processes of the run could not be killed, because they belong to another user or are stuck in the kernel. */
export class ServiceSurvivedError extends CandleError {
  constructor({ serviceName, projectDir }: Run, survivors: readonly ProcessInfo[]) {
    super({
      code: 'SERVICE_SURVIVED',
      message: `Service ${quote(serviceName)} could not be stopped: ${describeProcesses(survivors)} ${survivors.length === 1 ? 'is' : 'are'} still running`,
      hint: `To kill ${survivors.length === 1 ? 'it' : 'them'} with root privileges: sudo kill -9 ${survivors.map(({ pid }) => pid).join(' ')}`,
      details: { serviceName, projectDir, pids: survivors.map(({ pid }) => pid) },
    });
  }
}

/** The state directory is shared with another container, whose processes cannot be seen or signalled from this one. */
export class ServiceInOtherContainerError extends CandleError {
  constructor({ serviceName, projectDir }: Run) {
    super({
      code: 'SERVICE_IN_OTHER_CONTAINER',
      message: `Service ${quote(serviceName)} was not stopped: it runs in another container that shares this state directory`,
      hint: `Stop it there: candle kill ${shellWord(serviceName)}`,
      details: { serviceName, projectDir },
    });
  }
}

/** The service's command finished earlier, and the stopCommand that ends what it started elsewhere failed. */
export class StopCommandFailedError extends CandleError {
  /** @param problem a clause: "it exited with code 1" */
  constructor({ serviceName, projectDir }: Run, problem: string) {
    super({
      code: 'SERVICE_STOP_COMMAND_FAILED',
      message: `The stopCommand of service ${quote(serviceName)} failed: ${problem}`,
      hint: `To see its output: candle logs ${shellWord(serviceName)}`,
      details: { serviceName, projectDir, problem },
    });
  }
}
