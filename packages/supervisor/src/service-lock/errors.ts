import { CandleError, quote, type ServiceKey, type ServiceRecord, shellWord } from '@candle/core';

/** Another process has held the service lock for longer than any operation should take. */
export class ServiceLockedError extends CandleError {
  constructor({ name, projectDir }: ServiceKey, { owner, sinceMs }: NonNullable<ServiceRecord['lock']>, nowMs: number) {
    const seconds = Math.round((nowMs - sinceMs) / 1000);
    super({
      code: 'SERVICE_LOCKED',
      message: `Service ${quote(name)} has been locked by another candle process (pid ${owner.pid}) for ${seconds} s`,
      hint: `If that process hangs, kill it, then run the command again: kill -9 ${owner.pid}`,
      details: { name, projectDir, pid: owner.pid, seconds },
    });
  }
}

/** Another command killed the service during its start. */
export class StartOvertakenByKillError extends CandleError {
  constructor({ name, projectDir }: ServiceKey) {
    super({
      code: 'SERVICE_START_OVERTAKEN',
      message: `Service ${quote(name)} was stopped by another command while it was starting`,
      hint: `To start it again: candle start ${shellWord(name)}`,
      details: { name, projectDir },
    });
  }
}
