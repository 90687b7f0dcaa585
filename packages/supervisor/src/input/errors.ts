import { join } from 'node:path';
import { CandleError, quote, type Run, type ServiceKey, shellWord } from '@candle/core';

/** There is no program to read the input. */
export class InputNotRunningError extends CandleError {
  constructor({ name, projectDir }: ServiceKey) {
    super({
      code: 'SERVICE_INPUT_NOT_RUNNING',
      message: `The program of service ${quote(name)} is not running, so nothing can be sent to it`,
      hint: `To start it: candle start ${shellWord(name)}`,
      details: { name, projectDir },
    });
  }
}

/** The run was started without `enableStdin`. */
export class InputNotEnabledError extends CandleError {
  constructor({ serviceName: name, projectDir }: Run) {
    super({
      code: 'SERVICE_INPUT_NOT_ENABLED',
      message: `Service ${quote(name)} was started without "enableStdin": true, so nothing can be sent to it`,
      hint: `Add it to the service in ${join(projectDir, '.candle.json')}, then: candle restart ${shellWord(name)}`,
      details: { name, projectDir, key: 'enableStdin' },
    });
  }
}

/** The program does not read its input: 64 KiB are pending, and the system accepts no more. */
export class InputNotReadError extends CandleError {
  /** @param takenBytes bytes that were accepted and that the program may still read */
  constructor({ serviceName: name, projectDir }: Run, takenBytes: number, waitedMs: number) {
    super({
      code: 'SERVICE_INPUT_NOT_READ',
      message: `Service ${quote(name)} has not read its input for ${waitedMs / 1_000} s: ${takenBytes} bytes were accepted, and the rest was not sent`,
      hint: `To see what it is doing: candle logs ${shellWord(name)}`,
      details: { name, projectDir, takenBytes },
    });
  }
}
