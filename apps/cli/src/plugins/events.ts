import type { CandleEventKind } from '@candle/core';

/** The hooks of plugins that are run at all, in a process of their own: no plugin is on the way of a command of Candle. */
const events: Readonly<Record<CandleEventKind, true>> = {
  'service-started': true,
  'service-stopped': true,
  'port-reserved': true,
  'port-released': true,
};

export function isEvent(hook: string): boolean {
  return Object.hasOwn(events, hook);
}
