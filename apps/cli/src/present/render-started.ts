import { serviceUrl, shellWord } from '@candle/core';
import type { StartedService } from '@candle/supervisor';

/** What `start` says of one service. */
export function renderStarted({ run, outcome }: StartedService): string {
  if (outcome === 'kept') {
    const url = run.port === null ? '' : `, ${serviceUrl(run.port)}`;
    return `[Already running: '${run.serviceName}', pid ${run.guard?.pid ?? 'unknown'}${url}]`;
  }
  return [
    `[Started process '${run.serviceName}'] $ ${run.shell}`,
    `[With root directory: ${run.root}]`,
    ...(run.port === null ? [] : [`[PORT: ${run.port}]`]),
    ...(outcome === 'finished' ? ['[Finished with code 0]'] : []),
  ].join('\n');
}

/** What is not there yet, to be said on stderr. */
export function renderAwaited({ definition, run, awaited, portAccepts }: StartedService): string | undefined {
  if (awaited === undefined) return undefined;
  const name = `Service '${run.serviceName}' runs, but`;
  const more = `candle logs ${shellWord(run.serviceName)}`;
  const isAboutPort = definition.ready.kind === 'reserved-port' && portAccepts === false;
  if (isAboutPort) return `${name} does not accept connections on port ${run.port} yet: ${more}`;
  return `${name} is not ready yet (${awaited}): ${more}`;
}
