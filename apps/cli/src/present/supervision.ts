import { type ConfigProblem, describeConfigWarning } from '@candle/core/config';
import { printable } from '@candle/core/errors';
import { localTime } from '@candle/core/system';
import type { describeProcesses, ServiceCommands, StopEvent, SupervisorTrouble } from '@candle/supervisor';

/** Describes a problem with the supervisor and what it means for services. */
export function renderSupervisorTrouble(trouble: SupervisorTrouble): string {
  if (trouble.kind === 'silent') {
    return [
      `Warning: The supervisor (pid ${trouble.pid}, since ${localTime(trouble.startedAtMs)}) does not respond; services keep running without it`,
      `To replace it (services are not affected): kill -9 ${trouble.pid}`,
    ].join('\n');
  }
  if (trouble.kind === 'replaced') {
    return `Warning: The supervisor (pid ${trouble.pid}, since ${localTime(trouble.startedAtMs)}) did not respond for 10 seconds and was replaced; services were not affected`;
  }
  return [
    'Warning: The supervisor could not be started; services keep running without it, but their restart policies have no effect',
    ...trouble.lastLines.map((line) => `  ${line}`),
    'candle doctor',
  ].join('\n');
}

/** One line for each warning. */
export function renderConfigWarnings(warnings: readonly ConfigProblem[]): string {
  return warnings.map((warning) => `Warning: ${describeConfigWarning(warning)}`).join('\n');
}

/** Shows the commands that a start is about to run for the first time, one line for each service. */
export function renderNewCommands(commands: readonly ServiceCommands[]): string {
  const lines = commands.map(({ name, shell, readyCommand, stopCommand }) =>
    [
      `  ${name}: ${shell}`,
      ...(readyCommand === null ? [] : [`to check whether it is ready: ${readyCommand}`]),
      ...(stopCommand === null ? [] : [`to stop it: ${stopCommand}`]),
    ].join('; '),
  );
  return ['First start of these commands on this machine:', ...lines.map(printable)].join('\n');
}

/** What a command waits for before it starts anything. */
export function renderSetup({ shell }: { readonly shell: string }): string {
  return printable(`Running the setup of the project: ${shell}`);
}

/** What a stop reports apart from what it is waiting for. */
export function renderStopEvent(
  name: string,
  event: Exclude<StopEvent, { kind: 'waiting' }>,
  describe: typeof describeProcesses,
): string {
  if (event.kind === 'stopCommandFailed') return `The stopCommand of '${name}' failed: ${event.problem}`;
  if (event.kind === 'leavesShared') {
    return [
      `Left running with all of its processes, because programs outside '${name}' use it too: ${describe(event.processes)}`,
      `To stop the part of '${name}' with it, set "stopCommand" in .candle.json`,
    ].join('\n');
  }
  const ports = `${event.ports.length === 1 ? 'port' : 'ports'} ${event.ports.join(', ')}`;
  return `Stopping ${describe([event.process])}, which '${name}' started in the background: it listens on ${ports}`;
}
