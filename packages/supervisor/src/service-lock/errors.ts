import { advise, CandleError, candle, program, quote } from '@candle/core/errors';
import type { ServiceKey, ServiceRecord } from '@candle/core/services';
import { exampleService } from '../examples.ts';

/** Another process has held the service lock for longer than any operation should take. */
export class ServiceLockedError extends CandleError {
  static readonly code = 'SERVICE_LOCKED';
  static example() {
    return new ServiceLockedError(exampleService, { owner: { pid: 4711, startToken: '1' }, sinceMs: 0 }, 121_000);
  }

  constructor({ name, projectDir }: ServiceKey, { owner, sinceMs }: NonNullable<ServiceRecord['lock']>, nowMs: number) {
    const seconds = Math.round((nowMs - sinceMs) / 1000);
    super({
      message: `Service ${quote(name)} has been locked by another candle process (pid ${owner.pid}) for ${seconds} s`,
      hint: advise(
        'If that process hangs, kill it, then run the command again',
        program('kill', '-9', String(owner.pid)),
      ),
      details: { name, projectDir, pid: owner.pid, seconds },
    });
  }
}

/** Another command killed the service during its start. */
export class StartOvertakenByKillError extends CandleError {
  static readonly code = 'SERVICE_START_OVERTAKEN';
  static example() {
    return new StartOvertakenByKillError(exampleService);
  }

  constructor({ name, projectDir }: ServiceKey) {
    super({
      message: `Service ${quote(name)} was stopped by another command while it was starting`,
      hint: advise('To start it again', candle('start', name)),
      details: { name, projectDir },
    });
  }
}
