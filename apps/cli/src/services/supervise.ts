import type { OnWaiting, StopEvent, Supervision } from '@candle/supervisor';
import type { OwnHost } from '../host/own-host.ts';
import { renderSupervisorTrouble } from '../present/render-supervisor-trouble.ts';

/** The supervisor's use cases and what they work on. */
export async function supervise(
  host: Pick<OwnHost, 'candle' | 'useCases' | 'supervisorProgram'>,
  note: (text: string) => void,
) {
  const useCases = await host.useCases();
  const told = new Set<string>();
  const supervision: Supervision = await useCases.superviseWith(host.candle(), {
    callerEnv: process.env,
    supervisorProgram: host.supervisorProgram,
    // Each of several services that are started at once hears of the same trouble.
    onSupervisorTrouble: (trouble) => {
      const text = renderSupervisorTrouble(trouble);
      if (!told.has(text)) note(text);
      told.add(text);
    },
  });
  return { ...useCases, supervision };
}

/** Says which processes a stop waits for, and what went wrong without hindering it. */
export function noteWaiting(describe: DescribeProcesses, note: (text: string) => void): OnWaiting {
  return ({ serviceName }, news) =>
    note(
      news.kind === 'waiting'
        ? `Waiting for '${serviceName}' to end: ${describe(news.processes)}`
        : `The stopCommand of '${serviceName}' failed: ${news.problem}`,
    );
}

type DescribeProcesses = (processes: Extract<StopEvent, { kind: 'waiting' }>['processes']) => string;
