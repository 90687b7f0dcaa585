import { serviceUrl, shellWord } from '@candle/core';
import type { StartedService } from '@candle/supervisor';
import { isMisplaced, renderPortCheckNote } from './render-port-check.ts';

/** What `start` says of one service. */
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

/** What is not as it should be, to be said on stderr: of its reserved port with what to do, else of its readiness. */
export function renderTrouble(started: StartedService, describe: DescribePortCheck): string | undefined {
  const { definition, run, outcome, awaited, portCheck } = started;
  const name = `Service '${run.serviceName}'`;
  const more = `candle logs ${shellWord(run.serviceName)}`;
  if (portCheck && isMisplaced(portCheck)) return [`${name} ${describe(portCheck)}`, ...hintOf(portCheck)].join('\n');
  if (awaited === undefined) return undefined;
  if (portCheck?.status === 'not-listening' && definition.ready.kind === 'reserved-port') {
    // Who started it was told; one that never listens is not to be told so each time.
    if (outcome === 'kept') return undefined;
    return [`${name} runs, but ${describe(portCheck)}: ${more}`, ...hintOf(portCheck)].join('\n');
  }
  return `${name} runs, but is not ready yet (${awaited}): ${more}`;
}

type PortCheck = NonNullable<StartedService['portCheck']>;
type DescribePortCheck = (portCheck: PortCheck) => string;

function hintOf({ fix }: PortCheck): readonly string[] {
  return fix === null ? [] : [fix];
}
