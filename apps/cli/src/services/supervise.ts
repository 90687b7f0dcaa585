import type { CandleHost } from '@candle/cli-kit';
import type { OnWaiting, Supervision } from '@candle/supervisor';
import { renderSupervisorTrouble } from '../present/render-supervisor-trouble.ts';

/** The supervisor's use cases and what they work on. */
export async function supervise(host: CandleHost, note: (text: string) => void) {
  const useCases = await host.services();
  const supervision: Supervision = await useCases.superviseWith(host.candle(), {
    callerEnv: process.env,
    supervisorProgram: host.supervisorProgram,
    onSupervisorTrouble: (trouble) => note(renderSupervisorTrouble(trouble)),
  });
  return { ...useCases, supervision };
}

/** Says which processes a stop waits for. */
export function noteWaiting(
  describe: (processes: Parameters<OnWaiting>[1]) => string,
  note: (text: string) => void,
): OnWaiting {
  return (run, processes) => note(`Waiting for '${run.serviceName}' to end: ${describe(processes)}`);
}
