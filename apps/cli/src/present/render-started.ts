import { advise, candle, type Hint, lines, serviceUrl } from '@candle/core';
import type { StartedService } from '@candle/supervisor';
import { isMisplaced, renderPortCheckNote } from './render-port-check.ts';

/** What `start` reports for one service. */
export function renderStarted({ run, outcome, portCheck }: StartedService): string {
  if (outcome === 'kept') {
    const url = run.port === null ? '' : `, ${serviceUrl(run.port)}${renderPortCheckNote(portCheck)}`;
    return `[Already running: '${run.serviceName}', pid ${run.shim?.pid ?? 'unknown'}${url}]`;
  }
  return [
    `[Started process '${run.serviceName}'] $ ${run.shell}`,
    `[With root directory: ${run.root}]`,
    ...(run.port === null ? [] : [`[PORT: ${run.port}]`]),
    ...(outcome === 'finished' ? ['[Finished with code 0]'] : []),
  ].join('\n');
}

/** Describes on stderr a problem with the reserved port, including the fix, or else with readiness. */
export function renderTrouble(started: StartedService, describe: DescribePortCheck): Hint | undefined {
  const { definition, run, outcome, awaited, portCheck } = started;
  const name = `Service '${run.serviceName}'`;
  const more = candle('logs', run.serviceName);
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
