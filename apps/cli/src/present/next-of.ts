import { type Command, candle } from '@candle/core';
import type { StartedService } from '@candle/supervisor';
import { isMisplaced } from './render-port-check.ts';

/** The most useful command after a start: find out who uses the port, wait for an unready service, or read the output. */
export function nextOf(started: readonly StartedService[]): Command | undefined {
  const [first] = started;
  if (first === undefined) return undefined;
  const conflict = started.find(({ portCheck }) => portCheck?.status === 'conflict')?.portCheck;
  if (conflict) return candle('who-has', String(conflict.port));
  // A service that listens on the wrong port never becomes ready.
  const unready = started.find(({ isReady, portCheck }) => isReady === false && !isMisplaced(portCheck));
  if (unready) return candle('wait-for-ready', unready.run.serviceName);
  return started.length === 1 ? candle('logs', first.run.serviceName) : candle('ps');
}
