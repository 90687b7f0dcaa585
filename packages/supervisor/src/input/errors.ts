import { join } from 'node:path';
import { advise, CandleError, candle, quote } from '@candle/core/errors';
import { configFileName } from '@candle/core/projects';
import type { Run } from '@candle/core/runs';
import type { ServiceKey } from '@candle/core/services';
import { exampleRun, exampleService } from '../examples.ts';

/** There is no program to read the input. */
export class InputNotRunningError extends CandleError {
  static readonly code = 'SERVICE_INPUT_NOT_RUNNING';
  static example() {
    return new InputNotRunningError(exampleService);
  }

  constructor({ name, projectDir }: ServiceKey) {
    super({
      message: `The program of service ${quote(name)} is not running, so nothing can be sent to it`,
      hint: advise('To start it', candle('start', name)),
      details: { name, projectDir },
    });
  }
}

/** The run was started without `enableStdin` and without a terminal, or with `enableStdin` set to false. */
export class InputNotEnabledError extends CandleError {
  static readonly code = 'SERVICE_INPUT_NOT_ENABLED';
  static example() {
    return new InputNotEnabledError(exampleRun);
  }

  /** @param hasTerminal its configuration has `"tty": true`, so only `"enableStdin": false` keeps it from reading input */
  constructor({ serviceName: name, projectDir }: Run, { hasTerminal = false } = {}) {
    const file = join(projectDir, configFileName);
    const change = hasTerminal
      ? `Remove "enableStdin": false from the service in ${file}, then`
      : `Add "enableStdin": true to the service in ${file}, then`;
    super({
      message: hasTerminal
        ? `Service ${quote(name)} was started with "enableStdin": false, so nothing can be sent to it`
        : `Service ${quote(name)} was started without "enableStdin": true, so nothing can be sent to it`,
      hint: advise(change, candle('restart', name)),
      details: { name, projectDir, key: 'enableStdin' },
    });
  }
}

/** The program does not read its input: 64 KiB are pending, and the system accepts no more. */
export class InputNotReadError extends CandleError {
  static readonly code = 'SERVICE_INPUT_NOT_READ';
  static example() {
    return new InputNotReadError(exampleRun, 65_536, 5_000);
  }

  /** @param takenBytes bytes that were accepted and that the program may still read */
  constructor({ serviceName: name, projectDir }: Run, takenBytes: number, waitedMs: number) {
    super({
      message: `Service ${quote(name)} has not read its input for ${waitedMs / 1_000} s: ${takenBytes} bytes were accepted, and the rest was not sent`,
      hint: advise('To see what it is doing', candle('logs', name)),
      details: { name, projectDir, takenBytes },
    });
  }
}
