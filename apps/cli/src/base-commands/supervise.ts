import type { OnWaiting, StopEvent, Supervision } from '@candle/supervisor';
import type { OwnHost } from '../host/own-host.ts';
import { renderSupervisorTrouble } from '../present/render-supervisor-trouble.ts';

/** The use cases of the supervisor, and the `Supervision` that they need. */
export async function supervise(
  host: Pick<OwnHost, 'candle' | 'useCases' | 'supervisorProgram'>,
  note: (text: string) => void,
) {
  const useCases = await host.useCases();
  const noted = new Set<string>();
  const supervision: Supervision = await useCases.superviseWith(host.candle(), {
    callerEnv: process.env,
    supervisorProgram: host.supervisorProgram,
    // Services that are started at the same time all report the same trouble.
    onSupervisorTrouble: (trouble) => {
      const text = renderSupervisorTrouble(trouble);
      if (!noted.has(text)) note(text);
      noted.add(text);
    },
  });
  return { ...useCases, supervision };
}

/** Reports which processes a stop waits for, and a failed stopCommand, which does not prevent the stop. */
export function noteWaiting(describe: DescribeProcesses, note: (text: string) => void): OnWaiting {
  return ({ serviceName }, event) =>
    note(
      event.kind === 'waiting'
        ? `Waiting for '${serviceName}' to exit: ${describe(event.processes)}`
        : `The stopCommand of '${serviceName}' failed: ${event.problem}`,
    );
}

type DescribeProcesses = (processes: Extract<StopEvent, { kind: 'waiting' }>['processes']) => string;
