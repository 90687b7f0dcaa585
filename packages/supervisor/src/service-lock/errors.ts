import { CandleError, quote, type ServiceKey, type ServiceRecord, shellWord } from '@candle/core';

/** Another process has been working on the service for longer than anything it could be doing takes. */
export class ServiceLockedError extends CandleError {
  constructor({ name, projectDir }: ServiceKey, { owner, sinceMs }: NonNullable<ServiceRecord['lock']>, nowMs: number) {
    const seconds = Math.round((nowMs - sinceMs) / 1000);
    super({
      code: 'SERVICE_LOCKED',
      message: `Another candle (pid ${owner.pid}) has been working on service ${quote(name)} for ${seconds} s`,
      hint: `If it hangs, end it and try again: kill -9 ${owner.pid}`,
      details: { name, projectDir, pid: owner.pid, seconds },
    });
  }
}

/** While a start was under way, somebody asked for the service to be stopped. */
export class StartOvertakenByKillError extends CandleError {
  constructor({ name, projectDir }: ServiceKey) {
    super({
      code: 'SERVICE_START_OVERTAKEN',
      message: `Service ${quote(name)} was killed by another command while it was being started`,
      hint: `candle start ${shellWord(name)}`,
      details: { name, projectDir },
    });
  }
}
