import type { CandleEventKind } from '@candle/core';

/** The only plugin hooks that run. They run in a separate process, so that no plugin can affect a command of Candle. */
const events: Readonly<Record<CandleEventKind, true>> = {
  'service-started': true,
  'service-stopped': true,
  'port-reserved': true,
  'port-released': true,
};

export function isEvent(hook: string): boolean {
  return Object.hasOwn(events, hook);
}
