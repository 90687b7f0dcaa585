import type { Candle } from '@candle/core/candle';
import type { Run } from '@candle/core/runs';
import type { UpDocument } from '@candle/documents';
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
  /** Receives what a stop or a silent setup is waiting for, and what else a stop reports. If omitted, `note` receives it. */
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
  const onWaiting: OnWaiting = ({ serviceName }, event) => {
    if (event.kind === 'waiting') {
      return progress(`Waiting for '${serviceName}' to exit: ${useCases.describeProcesses(event.processes)}`);
    }
    const text = renderStopEvent(serviceName, event, useCases.describeProcesses);
    note(text);
    // An MCP client sees the progress of its call, and not what its server prints.
    if (progress !== note) progress(text);
  };
  const onNewCommands: OnNewCommands = (commands) => note(renderNewCommands(commands));
  const onSetup = async (run: Run) => {
    note(renderSetup(run));
    // Imported lazily, because most commands run no setup.
    const { showSetupOutput } = await import('../present/setup-output.ts');
    await showSetupOutput(candle, run, progress);
  };
  // Inherits the use cases: copying them would load them all.
  return Object.assign(Object.create(useCases) as typeof useCases, {
    ...{ supervision, onWaiting, onNewCommands, onSetup },
    findFixedAddresses: (projectDir: string) => findFixedAddresses(candle, projectDir),
  });
}

/** Addresses in files of the project that lead to the usual port of a service which has another one. */
async function findFixedAddresses(
  { readConfig, store }: Candle,
  projectDir: string,
): Promise<UpDocument['fixedAddresses']> {
  // Imported lazily, because only up needs it.
  const { findProjectAddresses } = await import('@candle/init/addresses');
  const { config } = await readConfig(projectDir);
  const reservations = await store.reservations.list(projectDir);
  const configured = [...(config?.services ?? []), ...(config?.ports ?? [])].map((one) => {
    const reserved = reservations.find(({ serviceName }) => serviceName === one.name);
    return { ...one, port: one.port === null ? null : (reserved?.port ?? null) };
  });
  const addresses = await findProjectAddresses(projectDir, configured);
  return addresses.map(({ place: { file, line = null }, text }) => ({ file, line, text }));
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
