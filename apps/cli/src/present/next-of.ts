import { shellWord } from '@candle/core';
import type { StartedService } from '@candle/supervisor';

/** What is most useful behind a start: to wait for what is not ready yet, else to read what was printed. */
export function nextOf(started: readonly StartedService[]): string | undefined {
  const [first] = started;
  if (first === undefined) return undefined;
  const unready = started.find(({ isReady }) => isReady === false);
  if (unready) return `candle wait-for-ready ${shellWord(unready.run.serviceName)}`;
  return started.length === 1 ? `candle logs ${shellWord(first.run.serviceName)}` : 'candle ps';
}
