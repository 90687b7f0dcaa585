import { shellWord } from '@candle/core';
import type { StartedService } from '@candle/supervisor';

/** What `start` says of one service. */
export function renderStarted({ run, outcome }: StartedService): string {
  if (outcome === 'kept') return `[Already running: '${run.serviceName}', pid ${run.guard?.pid ?? 'unknown'}]`;
  return [
    `[Started process '${run.serviceName}'] $ ${run.shell}`,
    `[With root directory: ${run.root}]`,
    ...(run.port === null ? [] : [`[PORT: ${run.port}]`]),
    ...(outcome === 'finished' ? ['[Finished with code 0]'] : []),
  ].join('\n');
}

/** What is not there yet, to be said on stderr. */
export function renderAwaited({ run, awaitedPort }: StartedService): string | undefined {
  if (awaitedPort === undefined) return undefined;
  return `Service '${run.serviceName}' runs, but does not accept connections on port ${awaitedPort} yet: candle logs ${shellWord(run.serviceName)}`;
}
