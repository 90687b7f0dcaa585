import { CandleError, quote, type Run, shellWord } from '@candle/core';
import type { ProcessInfo } from '../system/process-table.ts';
import { describeProcesses } from './describe-processes.ts';

/** Processes of the run could not be ended: of another user, or stuck in the kernel. */
export class ServiceSurvivedError extends CandleError {
  constructor({ serviceName, projectDir }: Run, survivors: readonly ProcessInfo[]) {
    super({
      code: 'SERVICE_SURVIVED',
      message: `Service ${quote(serviceName)} could not be stopped: ${describeProcesses(survivors)} still runs`,
      hint: `End it as its own user: sudo kill -9 ${survivors.map(({ pid }) => pid).join(' ')}`,
      details: { serviceName, projectDir, pids: survivors.map(({ pid }) => pid) },
    });
  }
}

/** Its state directory is shared with another container, whose processes cannot be seen or signalled from here. */
export class ServiceInOtherContainerError extends CandleError {
  constructor({ serviceName, projectDir }: Run) {
    super({
      code: 'SERVICE_IN_OTHER_CONTAINER',
      message: `Service ${quote(serviceName)} was left alone: it runs in another container, which shares this state directory`,
      hint: `Stop it there: candle kill ${shellWord(serviceName)}`,
      details: { serviceName, projectDir },
    });
  }
}

/** The command of the service has ended long ago, and its stopCommand, which could end what it has left elsewhere, failed. */
export class StopCommandFailedError extends CandleError {
  /** @param problem a clause: "it exited with code 1" */
  constructor({ serviceName, projectDir }: Run, problem: string) {
    super({
      code: 'SERVICE_STOP_COMMAND_FAILED',
      message: `The stopCommand of service ${quote(serviceName)} failed: ${problem}`,
      hint: `What it has printed: candle logs ${shellWord(serviceName)}`,
      details: { serviceName, projectDir, problem },
    });
  }
}
