import { advise, type Command, candle, type Hint, lines } from '@candle/core/errors';
import { pipedInsteadText } from '@candle/core/logs';
import { findUrl } from '@candle/core/services';
import type { ListedService, StartedService, StartedServices } from '@candle/supervisor';
import type { OwnProjectCommand } from '../host/own-command.ts';
import { isMisplaced, renderPortCheckNote } from './services.ts';

/** Reports what was started, and then throws what failed. */
export async function reportStarted(command: OwnProjectCommand, outcomes: StartedServices) {
  const { startDocument, throwFailures } = await command.host.useCases();
  for (const started of outcomes.done) {
    command.log(renderStarted(started));
    await noteTrouble(command, started);
  }
  throwFailures(outcomes);
  return startDocument(outcomes);
}

/** What `start` reports for one service. */
function renderStarted({ definition, run, outcome, portCheck }: StartedService): string {
  if (outcome === 'kept') {
    const address = run.port === null ? undefined : (findUrl(definition, run.port) ?? `port ${run.port}`);
    const url = address === undefined ? '' : `, ${address}${renderPortCheckNote(portCheck)}`;
    return `[Already running: '${run.serviceName}', pid ${run.shim?.pid ?? 'unknown'}${url}]`;
  }
  return [
    `[Started process '${run.serviceName}'] $ ${run.shell}`,
    `[With root directory: ${run.root}]`,
    ...(run.port === null ? [] : [`[PORT: ${run.port}]`]),
    ...(outcome === 'finished' ? ['[Finished with code 0]'] : []),
  ].join('\n');
}

/** Reports a problem with a service that was started. */
export async function noteTrouble(command: OwnProjectCommand, started: StartedService): Promise<void> {
  const { describePortCheck } = await command.host.useCases();
  const { run, portCheck } = started;
  const trouble = renderTrouble(started, describePortCheck);
  if (trouble !== undefined) command.note(trouble);
  if (started.isPipedInstead) command.note(`Service '${run.serviceName}': ${pipedInsteadText}`);
  await noteUnreserved(command, { name: run.serviceName, runId: run.id, portCheck });
}

/** Explains that a service listens on a port that is not reserved, unless a command has done that for this run. */
export async function noteUnreserved(
  command: OwnProjectCommand,
  { name, runId, portCheck }: Pick<ListedService, 'name' | 'runId' | 'portCheck'>,
): Promise<void> {
  if (portCheck?.status !== 'unreserved' || runId === null || command.jsonEnabled()) return;
  const { describePortCheck, takeUnreservedReport } = await command.host.useCases();
  if (!takeUnreservedReport(command.host.candle(), runId)) return;
  command.note(lines(`Service '${name}' ${describePortCheck(portCheck)}`, ...hintOf(portCheck)));
}

/** Describes on stderr a problem with the reserved port, including the fix, or else with readiness. */
function renderTrouble(started: StartedService, describe: DescribePortCheck): Hint | undefined {
  const { definition, run, outcome, awaited, portCheck, isSilent } = started;
  const name = `Service '${run.serviceName}'`;
  const more = candle('logs', run.serviceName);
  if (isSilent && outcome === 'running' && !definition.isTransient) {
    return `${name} does not listen on any port. If it never does, set "port": null in .candle.json, so that its start does not wait for that`;
  }
  if (portCheck && isMisplaced(portCheck)) return lines(`${name} ${describe(portCheck)}`, ...hintOf(portCheck));
  if (awaited === undefined) return undefined;
  if (portCheck?.status === 'not-listening' && definition.ready.kind === 'reserved-port') {
    // The command that started it has reported this; a service that never listens must not be reported each time.
    if (outcome === 'kept') return undefined;
    return lines(advise(`${name} is running, but ${describe(portCheck)}`, more), ...hintOf(portCheck));
  }
  return advise(`${name} is running, but is not ready yet (${awaited})`, more);
}

type PortCheck = NonNullable<StartedService['portCheck']>;
type DescribePortCheck = (portCheck: PortCheck) => string;

function hintOf({ fix }: PortCheck): readonly Hint[] {
  return fix === null ? [] : [fix];
}

/** Suggests the next command after a start. */
export function noteNextAfter(
  command: OwnProjectCommand,
  { done: [first, ...others] }: Pick<StartedServices, 'done'>,
): void {
  if (first !== undefined) command.noteNext(nextOf([first, ...others]));
}

/** The most useful command: find out who uses the port, wait for an unready service, or read the output. */
function nextOf(started: readonly [StartedService, ...StartedService[]]): Command {
  const [first] = started;
  const conflict = started.find(({ portCheck }) => portCheck?.status === 'conflict')?.portCheck;
  if (conflict) return candle('who-has', String(conflict.port));
  // A service that listens on the wrong port never becomes ready.
  const unready = started.find(({ isReady, portCheck }) => isReady === false && !isMisplaced(portCheck));
  if (unready) return candle('wait-for-ready', unready.run.serviceName);
  return started.length === 1 ? candle('logs', first.run.serviceName) : candle('ps');
}
