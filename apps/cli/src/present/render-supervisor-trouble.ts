import { localTime } from '@candle/core';
import type { SupervisorTrouble } from '@candle/supervisor';

/** What is wrong with the supervisor, and that services do not mind. */
export function renderSupervisorTrouble(trouble: SupervisorTrouble): string {
  if (trouble.kind === 'silent') {
    return [
      `Warning: The supervisor (pid ${trouble.pid}, since ${localTime(trouble.startedAtMs)}) does not answer; services run on without it`,
      `To have another one, end it, which harms no service: kill -9 ${trouble.pid}`,
    ].join('\n');
  }
  return [
    'Warning: No supervisor could be started; services run without it, but are not started again by their policy',
    ...trouble.lastLines.map((line) => `  ${line}`),
    'candle doctor',
  ].join('\n');
}
