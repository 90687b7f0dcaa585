import type { Candle } from './candle.ts';
import { readEphemeralRange } from './ports/ephemeral-range.ts';
import { bindProbe } from './ports/port-probe.ts';
import { openStore } from './store/open-store.ts';
import { systemClock } from './system/clock.ts';

/** Opens the state directory, with the real edges unless others are given. Close its store when done. */
export function openCandle(stateDir: string, edges: Partial<Omit<Candle, 'stateDir'>> = {}): Candle {
  return {
    stateDir,
    store: edges.store ?? openStore(stateDir),
    portProbe: edges.portProbe ?? bindProbe,
    clock: edges.clock ?? systemClock,
    ephemeralRange: edges.ephemeralRange ?? readEphemeralRange(),
  };
}
