import { advise, candle, type Hint, lines, quote, showPath } from '@candle/core/errors';
import type { UnwritableError } from '@candle/core/store';
import type { describeProcesses, KilledService, Outcomes } from '@candle/supervisor';
import type { OwnProjectCommand } from '../host/own-command.ts';

interface StopRequest {
  readonly names: readonly string[];
  readonly port?: number | undefined;
  readonly showProject?: boolean;
  readonly describeProcesses: typeof describeProcesses;
}

/** Reports which services were stopped, what was left running, and what could not be recorded. */
export function reportStopped(
  command: OwnProjectCommand,
  outcomes: Outcomes<KilledService>,
  { names, port, showProject = false, describeProcesses }: StopRequest,
): void {
  const stopped = outcomes.done.filter((service) => service.stopped !== undefined);
  for (const service of stopped)
    command.log(`[Stopped process '${service.name}']${showProject ? ` ${showPath(service.projectDir)}` : ''}`);
  const restartCancelled = outcomes.done.filter(({ isRestartCancelled }) => isRestartCancelled);
  for (const { name } of restartCancelled) command.log(`[Cancelled the restart of '${name}']`);
  const reset = outcomes.done.filter(({ isJobReset }) => isJobReset);
  for (const { name } of reset) command.log(`[Reset job '${name}': it runs again at the next start]`);
  if (stopped.length + restartCancelled.length + reset.length + outcomes.failed.length === 0)
    command.log(nothingStopped({ names, port, showProject }));
  for (const { name, left } of leftRunning(stopped)) {
    command.note(`Left running because '${name}' opened it for you: ${describeProcesses(left)}`);
  }
  for (const { stopped: end } of stopped) {
    if (!end || end.waitedForCaller.length === 0) continue;
    command.note(
      `Killed with SIGKILL because it was waiting for this command: ${describeProcesses(end.waitedForCaller)}`,
    );
  }
  const unrecorded = outcomes.done.filter((service) => service.unrecorded !== undefined);
  const refusal = unrecorded[0]?.unrecorded;
  if (refusal) command.note(renderUnrecorded(unrecorded, refusal));
}

function nothingStopped({ names, port, showProject }: Omit<StopRequest, 'describeProcesses'>): string {
  if (port !== undefined) return `Nothing listens on port ${port}`;
  if (names.length === 0) return showProject ? 'No service is running' : 'No service of this project is running';
  return names.length === 1 ? `Service ${quote(names[0] ?? '')} is not running` : 'None of these services is running';
}

/** What could not be recorded, and why. */
function renderUnrecorded(services: readonly KilledService[], { message, fix }: UnwritableError): Hint {
  const shown = services.map(({ name }) => `'${name}'`).join(', ');
  return lines(
    `The stop of ${shown} is not recorded yet: ${message}`,
    'Candle records it as soon as it can write, and restarts nothing that you stopped',
    fix,
    advise('For details', candle('get-doc', 'full-disk')),
  );
}

function leftRunning(stopped: readonly KilledService[]) {
  return stopped.flatMap(({ name, stopped }) =>
    stopped && stopped.detachedHelpers.length > 0 ? [{ name, left: stopped.detachedHelpers }] : [],
  );
}
