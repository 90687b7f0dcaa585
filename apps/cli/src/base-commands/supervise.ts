import type { Candle } from '@candle/core/candle';
import type { Run } from '@candle/core/runs';
import type { OnNewCommands, OnWaiting } from '@candle/supervisor';
import type { OwnHost } from '../host/own-host.ts';
import {
  renderConfigWarnings,
  renderNewCommands,
  renderSetup,
  renderStopEvent,
  renderSupervisorTrouble,
} from '../present/supervision.ts';

interface SupervisedCall {
  /** If omitted, the Candle of the host. */
  readonly candle?: Candle;
  /** Receives what a stop is waiting for. If omitted, `note` receives it. */
  readonly progress?: (text: string) => void;
}

/**
 * The use cases of the supervisor package, and the `Supervision` of this process that they work on. `note` receives the
 * commands that run for the first time, and failures that do not end the work: of a stopCommand, or of the supervisor.
 */
export async function supervise(
  host: Pick<OwnHost, 'candle' | 'useCases' | 'supervisorProgram'>,
  note: (text: string) => void,
  { candle = host.candle(), progress = note }: SupervisedCall = {},
) {
  const useCases = await host.useCases();
  const noted = new Set<string>();
  const supervision = await useCases.superviseWith(candle, {
    callerEnv: process.env,
    supervisorProgram: host.supervisorProgram,
    // Services that are started at the same time all report the same trouble.
    onSupervisorTrouble: (trouble) => {
      const text = renderSupervisorTrouble(trouble);
      if (!noted.has(text)) note(text);
      noted.add(text);
    },
    onConfigWarnings: (warnings) => note(renderConfigWarnings(warnings)),
  });
  const onWaiting: OnWaiting = ({ serviceName }, event) =>
    event.kind === 'waiting'
      ? progress(`Waiting for '${serviceName}' to exit: ${useCases.describeProcesses(event.processes)}`)
      : note(renderStopEvent(serviceName, event, useCases.describeProcesses));
  const onNewCommands: OnNewCommands = (commands) => note(renderNewCommands(commands));
  const onSetup = async (run: Run) => {
    note(renderSetup(run));
    // Imported lazily, because most commands run no setup.
    const { showSetupOutput } = await import('../present/setup-output.ts');
    await showSetupOutput(candle, run);
  };
  return { ...useCases, supervision, onWaiting, onNewCommands, onSetup };
}

/**
 * The same for one of many calls in a process that lives on: first starts the supervisor again if it was killed together
 * with its watchdog. A command does that when it ends.
 */
export async function superviseCall(...parts: Parameters<typeof supervise>) {
  const supervised = await supervise(...parts);
  await supervised.reviveSupervisor(supervised.supervision).catch(() => undefined);
  return supervised;
}
