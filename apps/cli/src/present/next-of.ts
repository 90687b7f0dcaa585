import { shellWord } from '@candle/core';
import type { StartedService } from '@candle/supervisor';
import { isMisplaced } from './render-port-check.ts';

/** What is most useful behind a start: to see who is in the way, to wait for what is not ready yet, or to read what was printed. */
export function nextOf(started: readonly StartedService[]): string | undefined {
  const [first] = started;
  if (first === undefined) return undefined;
  const held = started.find(({ portCheck }) => portCheck?.status === 'conflict')?.portCheck;
  if (held) return `candle who-has ${held.port}`;
  // What listens elsewhere does not become ready by waiting.
  const unready = started.find(({ isReady, portCheck }) => isReady === false && !isMisplaced(portCheck));
  if (unready) return `candle wait-for-ready ${shellWord(unready.run.serviceName)}`;
  return started.length === 1 ? `candle logs ${shellWord(first.run.serviceName)}` : 'candle ps';
}
